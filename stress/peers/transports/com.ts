import { Process } from 'waitable';
import { Caller } from './caller.js';
import type { Transport } from './transport.js';

/** COM, which starts the program as a local server. So it is no child of this process, and is known by the number that it gives. */
export function comTransport(program: string): Transport {
  let processId = 0;
  let server: Process | undefined;
  const caller = new Caller({ transport: 'com', address: program }, kill);
  const started = caller.call('hello 0').then(reply => {
    processId = Number(reply.split(' ')[2]);
    return server = Process.tryOpen(processId);
  });
  let listen: (line: string) => void = () => undefined;
  return {
    send: line => void caller.call(line).then(reply => listen(reply)),
    onReply: listener => listen = listener,
    ended: end(),
    kill,
  };

  function kill(): void {
    // Its number is its own as long as it is open here.
    if (server?.closed === false && server.waitSync(0).status === 'timeout') process.kill(processId, 'SIGKILL');
  }

  async function end(): Promise<string> {
    const known = await Promise.race([started, caller.ended]);
    if (!(known instanceof Process)) return `it did not start: ${known ?? 'it ended at once'}`;
    await known.wait();
    known.close();
    caller.end();
    return await caller.ended ?? 'no call failed';
  }
}
