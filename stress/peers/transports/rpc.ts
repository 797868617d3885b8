import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Caller } from './caller.js';
import { endOfProcess } from './pipe.js';
import type { Transport } from './transport.js';

/** Local RPC, at an endpoint of the peer's own. What it says on standard output is only that it can be called now, or why not. */
export function rpcTransport(program: string): Transport {
  const endpoint = `waitable-${randomUUID()}`;
  const child = spawn(program, ['--rpc', endpoint, String(process.pid)], { stdio: ['ignore', 'pipe', 'inherit'], windowsHide: true });
  const kill = () => void child.kill('SIGKILL');
  const processEnded = endOfProcess(child);
  const said = new Promise<string>(resolve => {
    createInterface({ input: child.stdout, crlfDelay: Infinity }).once('line', resolve);
    void processEnded.then(() => resolve('nothing'));
  });
  const called = said.then(line => line === 'ok' ? new Caller({ transport: 'rpc', address: endpoint }, kill) : undefined);
  let listen: (line: string) => void = () => undefined;
  return {
    send: line => void called.then(async caller => {
      if (caller !== undefined) listen(await caller.call(line));
    }),
    onReply: listener => listen = listener,
    ended: end(),
    kill,
  };

  async function end(): Promise<string> {
    const how = await processEnded;
    const caller = await called;
    caller?.end();
    const why = caller === undefined ? `it said ${await said}` : await caller.ended;
    return why === undefined ? how : `${how}; ${why}`;
  }
}
