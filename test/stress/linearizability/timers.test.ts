import { describe, expect, test } from 'vitest';
import type { Operation, Specification, Strictness } from '../../../stress/linearizability/operation.js';
import { Windows } from '../../../stress/linearizability/check-windows.js';

/*
 * Histories by hand with timers. Times are in ms; a timer is late by less than two seconds, and early by less than 20 ms.
 */

const AUTO = 0;
const MANUAL = 1;
const OBJECTS: readonly Specification[] = [{ kind: 'timer', manualReset: false }, { kind: 'timer', manualReset: true }];
const TIMEOUT = 258;
const TAKEN = 0;
const STRICTNESSES: readonly Strictness[] = ['atomic', 'stepwise'];

type Time = readonly [called: number, returned: number];

function operation(contender: number, verb: Operation['verb'], objects: number[], argument: number, outcome: number | undefined, [called, returned]: Time): Operation {
  return { contender, verb, objects, argument, called: called * 1e6, returned: returned * 1e6, outcome };
}

function actor(contender: number) {
  return {
    wait: (object: number, outcome: number | undefined, time: Time) => operation(contender, 'wait', [object], 0, outcome, time),
    any: (objects: number[], outcome: number, time: Time) => operation(contender, 'wait-any-async', objects, 0, outcome, time),
    set: (object: number, due: number, time: Time) => operation(contender, 'set-timer', [object], due, 0, time),
    diesSetting: (object: number, due: number, time: Time) => operation(contender, 'set-timer', [object], due, undefined, time),
    cancel: (object: number, time: Time) => operation(contender, 'cancel', [object], 0, 0, time),
  };
}

const a = actor(0);
const b = actor(1);
const c = actor(2);

interface Row {
  readonly title: string;
  readonly operations: readonly Operation[];
  readonly holds: boolean;
}

const ROWS: readonly Row[] = [
  { title: 'one that nobody has set is signalled', holds: false, operations: [a.wait(AUTO, TAKEN, [1, 2])] },
  { title: 'a wait takes one that is due', holds: true, operations: [a.set(AUTO, 100, [0, 1]), b.wait(AUTO, TAKEN, [2, 101])] },
  { title: 'a wait takes one that may be due, by a clock of another resolution', holds: true, operations: [a.set(AUTO, 100, [0, 1]), b.wait(AUTO, TAKEN, [2, 97])] },
  { title: 'a wait takes one long before it is due', holds: false, operations: [a.set(AUTO, 100, [0, 1]), b.wait(AUTO, TAKEN, [2, 50])] },
  { title: 'a wait for any takes one long before it is due', holds: false, operations: [a.set(MANUAL, 100, [0, 1]), b.any([AUTO, MANUAL], 1, [2, 50])] },
  { title: 'it is due while it is still being set', holds: true, operations: [a.set(AUTO, 0, [0, 50]), b.wait(AUTO, TAKEN, [1, 2])] },
  { title: 'what is due later is taken for the one before', holds: false, operations: [a.set(AUTO, 1, [0, 1]), a.set(AUTO, 100, [2, 3]), b.wait(AUTO, TAKEN, [4, 50])] },
  { title: 'one that is being set anew was due before', holds: true, operations: [a.set(AUTO, 1, [0, 1]), a.set(AUTO, 100, [2, 60]), b.wait(AUTO, TAKEN, [4, 50])] },
  { title: 'setting it anew resets it', holds: false, operations: [a.set(MANUAL, 0, [0, 1]), b.wait(MANUAL, TAKEN, [2, 3]), a.set(MANUAL, 100, [4, 5]), b.wait(MANUAL, TAKEN, [6, 7])] },
  { title: 'two take one expiry', holds: false, operations: [a.set(AUTO, 0, [0, 1]), b.wait(AUTO, TAKEN, [2, 3]), c.wait(AUTO, TAKEN, [2, 3])] },
  { title: 'two take what has been set twice', holds: true, operations: [a.set(AUTO, 0, [0, 1]), b.wait(AUTO, TAKEN, [2, 3]), a.set(AUTO, 0, [4, 5]), c.wait(AUTO, TAKEN, [2, 6])] },
  { title: 'any number take the expiry of one of manual reset', holds: true, operations: [a.set(MANUAL, 0, [0, 1]), b.wait(MANUAL, TAKEN, [2, 3]), c.wait(MANUAL, TAKEN, [2, 3])] },
  { title: 'a cancelled one is due', holds: false, operations: [a.set(AUTO, 100, [0, 1]), a.cancel(AUTO, [2, 3]), b.wait(AUTO, TAKEN, [4, 200])] },
  { title: 'one that is being cancelled is due', holds: true, operations: [a.set(AUTO, 100, [0, 1]), a.cancel(AUTO, [2, 150]), b.wait(AUTO, TAKEN, [4, 200])] },
  { title: 'what is signalled is not so after a cancel', holds: false, operations: [a.set(MANUAL, 0, [0, 1]), b.wait(MANUAL, TAKEN, [2, 3]), a.cancel(MANUAL, [4, 5]), b.wait(MANUAL, TIMEOUT, [6, 7])] },
  { title: 'what is signalled stays so after a cancel', holds: true, operations: [a.set(AUTO, 0, [0, 1]), a.cancel(AUTO, [4, 5]), b.wait(AUTO, TAKEN, [6, 7])] },
  { title: 'one is late', holds: true, operations: [a.set(AUTO, 10, [0, 1]), b.wait(AUTO, TIMEOUT, [500, 501]), b.wait(AUTO, TAKEN, [502, 503])] },
  { title: 'one is never due', holds: false, operations: [a.set(AUTO, 10, [0, 1]), b.wait(AUTO, TIMEOUT, [2100, 2101])] },
  { title: 'one of manual reset is never due', holds: false, operations: [a.set(MANUAL, 10, [0, 1]), b.any([AUTO, MANUAL], TIMEOUT, [2100, 2101])] },
  { title: 'a wait that began in time found it not yet due', holds: true, operations: [a.set(AUTO, 10, [0, 1]), b.wait(AUTO, TIMEOUT, [2, 2101]), c.wait(AUTO, TAKEN, [2102, 2103])] },
  { title: 'another may have taken it', holds: true, operations: [a.set(AUTO, 10, [0, 1]), b.wait(AUTO, TAKEN, [2, 2150]), c.wait(AUTO, TIMEOUT, [2100, 2101])] },
  { title: 'another may have cancelled it', holds: true, operations: [a.set(AUTO, 10, [0, 1]), b.cancel(AUTO, [2, 3]), c.wait(AUTO, TIMEOUT, [2100, 2101])] },
  { title: 'who died setting it has set it', holds: true, operations: [a.diesSetting(AUTO, 10, [0, 5]), b.wait(AUTO, TAKEN, [20, 21])] },
  { title: 'who died setting it has not', holds: true, operations: [a.diesSetting(AUTO, 10, [0, 5]), b.wait(AUTO, TIMEOUT, [2100, 2101])] },
  { title: 'who died setting it has only stopped it', holds: true, operations: [b.set(AUTO, 10, [0, 1]), a.diesSetting(AUTO, 10, [2, 5]), b.wait(AUTO, TIMEOUT, [2100, 2101])] },
];

describe('a timer:', () => {
  test.each(ROWS)('$title', ({ operations, holds }) => {
    for (const strictness of STRICTNESSES) {
      const windows = new Windows({ objects: OBJECTS, joint: OBJECTS.length, contenders: 3, strictness });
      expect({ strictness, holds: windows.check(operations) === undefined }).toEqual({ strictness, holds });
    }
  });

  test('that is signalled is so in the next window', () => {
    const windows = new Windows({ objects: OBJECTS, joint: OBJECTS.length, contenders: 3, strictness: 'atomic' });
    expect(windows.check([a.set(AUTO, 0, [0, 1]), a.cancel(AUTO, [2, 3])])).toBeUndefined();
    expect(windows.check([a.wait(AUTO, TAKEN, [4, 5])])).toBeUndefined();
    expect(windows.check([a.wait(AUTO, TAKEN, [6, 7])])).toBeDefined();
  });
});
