import { expect, test } from 'vitest';
import { describe as inWords } from '../../../stress/linearizability/describe.js';
import type { Operation, Request, Specification } from '../../../stress/linearizability/operation.js';
import { shortestPart } from '../../../stress/linearizability/minimize.js';
import { Windows } from '../../../stress/linearizability/check-windows.js';
import { World } from './reference.js';

const OBJECTS: readonly Specification[] = [{ kind: 'mutex' }, { kind: 'event', manualReset: false, initialState: false }, { kind: 'semaphore', initialCount: 1, maximumCount: 3 }];
const NAMES = { objects: ['the lock', 'the event', 'the semaphore'], contenders: ['first', 'second', 'third'] };

/** What three contenders do in turn, with outcomes that are right. Each overlaps with the one before it. */
function play(count: number): Operation[] {
  const world = new World(OBJECTS);
  const requests: readonly Request[] = [
    { verb: 'wait', objects: [0], argument: 0 }, { verb: 'set', objects: [1], argument: 0 }, { verb: 'release', objects: [2], argument: 1 }, { verb: 'release', objects: [0], argument: 0 },
    { verb: 'wait-any', objects: [1, 2], argument: 0 }, { verb: 'wait', objects: [1], argument: 0 }, { verb: 'wait-all', objects: [0, 2], argument: 0 },
  ];
  return Array.from({ length: count }, (_, index) => {
    const request = requests[index % requests.length];
    if (request === undefined) throw new Error('there is always one');
    const contender = index % 3;
    return { ...request, contender, called: index * 1000, returned: index * 1000 + 1500, outcome: world.perform(contender, request) };
  });
}

function partOf(operations: readonly Operation[]) {
  const violation = new Windows({ objects: OBJECTS, joint: OBJECTS.length, contenders: 3, strictness: 'stepwise' }).check(operations);
  return violation === undefined ? undefined : shortestPart(violation, 'stepwise');
}

test('a long history that is right has no violation', () => {
  expect(partOf(play(400))).toBeUndefined();
});

test('what is wrong at the end of a long history is shown without what was before', () => {
  const part = partOf([
    ...play(400),
    { contender: 0, verb: 'set', objects: [1], argument: 0, called: 500_000, returned: 501_000, outcome: 0 },
    { contender: 1, verb: 'release', objects: [2], argument: 9, called: 500_500, returned: 501_500, outcome: -298 },
    { contender: 2, verb: 'wait', objects: [1], argument: 1, called: 502_000, returned: 503_250, outcome: 258 },
    { contender: 2, verb: 'reset', objects: [1], argument: 0, called: 504_000, returned: 505_000, outcome: 0 },
  ]);
  expect(part?.states).toBeUndefined();
  expect(part?.operations).toHaveLength(2);
  expect(part && inWords(part, NAMES)).toBe([
    'no order explains these outcomes, whatever was before:',
    '       0.0 to      1.0 µs  first  set the event -> done',
    '       2.0 to      3.3 µs  third  wait the event for 1 ms -> timeout',
  ].join('\n'));
});

test('where all depends on what was before, that is said', () => {
  const part = partOf([{ contender: 0, verb: 'wait', objects: [1], argument: 0, called: 0, returned: 1, outcome: 0 }]);
  expect(part && inWords(part, NAMES)).toBe([
    'no order explains these outcomes, with before them: the event not set:',
    '       0.0 to      0.0 µs  first  wait the event for 0 ms -> took the event',
  ].join('\n'));
});

test('who owned a mutex all the time, and did nothing meanwhile, is an explanation', () => {
  const part = partOf([
    { contender: 0, verb: 'wait', objects: [0], argument: 0, called: 0, returned: 1000, outcome: 0 },
    { contender: 0, verb: 'release', objects: [0], argument: 0, called: 2000, returned: 3000, outcome: 0 },
    { contender: 1, verb: 'wait', objects: [0], argument: 1, called: 4000, returned: 5000, outcome: 258 },
  ]);
  expect(part && inWords(part, NAMES)).toBe([
    'no order explains these outcomes, with before them: the lock free:',
    '       0.0 to      1.0 µs  first   release the lock -> done',
    '       2.0 to      3.0 µs  second  wait the lock for 1 ms -> timeout',
  ].join('\n'));
});

test('an aborted wait that took a signal is shown with the set, and who missed it', () => {
  const part = partOf([
    ...play(200),
    { contender: 2, verb: 'reset', objects: [1], argument: 0, called: 250_000, returned: 251_000, outcome: 0 },
    { contender: 0, verb: 'wait-async', objects: [1], argument: 130, called: 300_000, returned: 2_500_000, outcome: -995 },
    { contender: 1, verb: 'set', objects: [1], argument: 0, called: 310_000, returned: 311_000, outcome: 0 },
    { contender: 2, verb: 'wait', objects: [1], argument: 0, called: 2_600_000, returned: 2_601_000, outcome: 258 },
  ]);
  expect(part && inWords(part, NAMES)).toBe([
    'no order explains these outcomes, whatever was before:',
    '       0.0 to   2200.0 µs  first   wait-async the event aborted after 2 ms -> aborted',
    '      10.0 to     11.0 µs  second  set the event -> done',
    '    2300.0 to   2301.0 µs  third   wait the event for 0 ms -> timeout',
  ].join('\n'));
});

test('a signal that is lost with a wait is shown with who missed it', () => {
  const part = partOf([
    ...play(200),
    { contender: 0, verb: 'signal-and-wait', objects: [1, 2], argument: 1, called: 300_000, returned: 301_000, outcome: 0 },
    { contender: 1, verb: 'wait-any-async', objects: [1], argument: 2, called: 302_000, returned: 303_000, outcome: 258 },
  ]);
  expect(part && inWords(part, NAMES)).toBe([
    'no order explains these outcomes, whatever was before:',
    '       0.0 to      1.0 µs  first   signal-and-wait the event, the semaphore for 1 ms -> took the semaphore',
    '       2.0 to      3.0 µs  second  wait-any-async the event for 2 ms -> timeout',
  ].join('\n'));
});

test('a death is part of it where the dead is', () => {
  const part = partOf([
    { contender: 0, verb: 'wait', objects: [0], argument: 0, called: 0, returned: 1000, outcome: 0 },
    { contender: 0, verb: 'death', objects: [], argument: 0, called: 1000, returned: 3000, outcome: undefined },
    { contender: 1, verb: 'wait', objects: [0], argument: 0, called: 4000, returned: 5000, outcome: 0 },
  ]);
  expect(part && inWords(part, NAMES)).toBe([
    'no order explains these outcomes, whatever was before:',
    '       0.0 to      1.0 µs  first   wait the lock for 0 ms -> took the lock',
    '       1.0 to      3.0 µs  first   dies -> what it owned is abandoned',
    '       4.0 to      5.0 µs  second  wait the lock for 0 ms -> took the lock',
  ].join('\n'));
});
