import { Process } from 'waitable';
import { Caller } from './caller.js';
import type { Transport } from './transport.js';

/** COM, which starts the program as a local server. So it is no child of this process, and is known by the number that it gives. */
export function comTransport(program: string): Transport {
  let processId: number | undefined;
  const kill = () => {
    if (processId !== undefined) endProcess(processId);
  };
  const caller = new Caller({ transport: 'com', address: program }, kill);
  const started = caller.call('hello 0').then(reply => processId = Number(reply.split(' ')[2]));
  let listen: (line: string) => void = () => undefined;
  return {
    send: line => void caller.call(line).then(reply => listen(reply)),
    onReply: listener => listen = listener,
    ended: end(),
    kill,
  };

  async function end(): Promise<string> {
    const known = await Promise.race([started, caller.ended.then(() => undefined)]);
    if (known === undefined) return `it did not start: ${await caller.ended}`;
    await endOf(known);
    processId = undefined; // from now on it may be another process's
    caller.end();
    return await caller.ended ?? 'without a failed call';
  }
}

async function endOf(processId: number): Promise<void> {
  using server = Process.tryOpen(processId);
  await server?.wait();
}

function endProcess(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    // It has ended already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
