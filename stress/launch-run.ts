import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Interruption } from './interruption.js';
import type { Machine } from './machine/machine.js';
import type { RunMessage, Tell } from './messages.js';
import { encodeOrder, type RunOrder } from './order.js';

/** Has a run take place on a machine, and passes on what it tells; gives its exit code. */
export async function launchRun(machine: Machine, order: RunOrder, interruption: Interruption, tell: Tell): Promise<number> {
  const output = new PassThrough();
  const lines = createInterface({ input: output, crlfDelay: Infinity }).on('line', line => tell(JSON.parse(line) as RunMessage));
  const exitCode = await machine.launch(machine.driver, 'dist/stress/main.js', [encodeOrder(order.load === undefined ? order : { ...order, load: machine.pathOf(order.load) })], {
    onOutput(chunk, stream) {
      if (stream === 'stdout') output.write(chunk);
      else process.stderr.write(chunk);
    },
    interruption: interruption.signal,
    signal: interruption.urgent,
  });
  const allRead = once(lines, 'close');
  output.end();
  await allRead;
  return exitCode;
}
