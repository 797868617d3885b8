import type { Interruption } from '../util/interruption.js';
import { launchForLines } from './launch-for-lines.js';
import type { Machine } from '../machine/machine.js';
import type { RunMessage, Tell } from '../runner/events.js';
import type { RunOrder } from '../runner/run-config.js';
import { encodeOrder } from './run-config-codec.js';

/** Has a run take place on a machine, and passes on what it tells; gives its exit code. */
export async function launchRun(machine: Machine, order: RunOrder, interruption: Interruption, tell: Tell): Promise<number> {
  const told = order.load === undefined ? order : { ...order, load: machine.pathOf(order.load) };
  return await launchForLines(machine, machine.driver, 'dist/stress/checkout/stress-child-main.js', [encodeOrder(told)], line => tell(JSON.parse(line) as RunMessage), {
    interruption: interruption.signal,
    signal: interruption.urgent,
  });
}
