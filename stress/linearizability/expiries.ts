import type { Call, Spontaneous } from './linearize.js';
import type { Model } from './model.js';
import type { Operation } from './operation.js';

/**
 * By how much a timer may be early by the clock of the record, in ns. Windows counts ticks of up to 16 ms. On Linux each process reads the record's own clock, by an offset that it has measured.
 */
const EARLY = (process.platform === 'win32' ? 20 : 5) * 1e6;
/** By how much it may be late, in ns: Windows' timers go off in another process under Wine, which may have to wait for a processor. */
export const LATE = 2e9;

const MILLISECOND = 1e6;

interface Expiries {
  readonly spontaneous: Spontaneous;
  /** Each is over before its timer may still be set by the operation that it belongs to. */
  readonly deadlines: readonly Call[];
}

/**
 * When the timers of a history become signalled. A timer that is set does so by itself, once, at some instant from its due on, but no later than a while after it: as if that were a step of an
 * operation that nobody calls. It may come between any steps from the earliest due on: counted from the call of the operation that set it. The latest is counted from that one's return.
 */
export function expiriesOf(operations: readonly Operation[], model: Model): Expiries {
  const timers = Array.from({ length: model.size }, (_, object) => object).filter(object => model.kindOf(object) === 'timer');
  const earliest = (setter: number) => {
    const operation = operations[setter];
    return operation === undefined ? -Infinity : operation.called + operation.argument * MILLISECOND - EARLY;
  };
  const spontaneous: Spontaneous = (state, time) => timers.flatMap(object => {
    const setter = model.setterOf(state, object);
    return setter === undefined || time < earliest(setter) ? [] : [model.expire(state, object)];
  });
  const end = Math.max(...operations.map(({ returned }) => returned));
  return { spontaneous, deadlines: operations.flatMap((operation, setter) => operation.verb === 'set-timer' ? deadline(operation, setter, model, end) : []) };
}

function deadline(operation: Operation, setter: number, model: Model, end: number): Call[] {
  const [object = 0] = operation.objects;
  const time = operation.returned + operation.argument * MILLISECOND + LATE;
  if (time > end) return [];
  const holds = (state: number) => model.setterOf(state, object) !== setter;
  return [{
    operation: { ...operation, contender: -1 - object, called: time, returned: time, outcome: undefined },
    script: { nodes: [[{ step: { looks: true, apply: state => holds(state) ? state : undefined }, to: 1 }], []], end: 1 },
  }];
}
