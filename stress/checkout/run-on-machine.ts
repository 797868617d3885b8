import type { Interruption } from '../util/interruption.js';
import { launchForLines } from './launch-for-lines.js';
import type { Machine } from '../machine/machine.js';
import type { Emit, RunEvent } from '../runner/events.js';
import type { RunConfig } from '../runner/run-config.js';
import { encodeRunConfig } from './run-config-codec.js';

/** Has a run take place on a machine, and passes on the events that it emits; gives its exit code. */
export async function runOnMachine(machine: Machine, config: RunConfig, interruption: Interruption, emit: Emit): Promise<number> {
  const there = config.load === undefined ? config : { ...config, load: machine.pathOf(config.load) };
  return await launchForLines(machine, machine.driver, 'dist/stress/checkout/stress-child-main.js', [encodeRunConfig(there)], line => emit(JSON.parse(line) as RunEvent), {
    interruption: interruption.signal,
    signal: interruption.urgent,
  });
}
