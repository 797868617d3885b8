import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation, Strictness } from '../../../stress/linearizability/operation.js';
import { shortestPart } from '../../../stress/linearizability/minimize.js';
import { Windows, type Violation } from '../../../stress/linearizability/check-windows.js';
import { CONTENDERS, histories, mutated, SPECIFICATIONS } from './arbitrary.js';
import { isExplained } from './reference.js';

const STRICTNESSES: readonly Strictness[] = ['atomic', 'stepwise'];

function violationOf(operations: readonly Operation[], strictness: Strictness): Violation | undefined {
  return new Windows({ objects: SPECIFICATIONS, joint: SPECIFICATIONS.length, contenders: CONTENDERS, strictness }).check(operations);
}

test('what is called at the instant of a return may have come before it, also by who has just returned', () => {
  const begun = { argument: 0, outcome: 0 };
  const operations: Operation[] = [
    { ...begun, verb: 'wait', objects: [3], contender: 0, called: 10, returned: 29 },
    { ...begun, verb: 'set', objects: [2], contender: 1, called: 20, returned: 29 },
    { ...begun, verb: 'set', objects: [3], contender: 1, called: 29, returned: 30 },
  ];
  expect(violationOf(operations, 'atomic')).toBeUndefined();
});

describe.each(STRICTNESSES)('a history of %s operations', strictness => {
  test('holds if it came about by one operation after the other, however they overlap', () => {
    fc.assert(fc.property(histories(60), operations => {
      expect(violationOf(operations, strictness)).toBeUndefined();
    }), { numRuns: 300 });
  });

  test('holds exactly if trying all orders finds one that explains it', () => {
    let broken = 0;
    fc.assert(fc.property(mutated(histories(6)), operations => {
      const holds = isExplained(SPECIFICATIONS, operations, strictness);
      if (!holds) broken++;
      expect(violationOf(operations, strictness) === undefined).toBe(holds);
    }), { numRuns: 2000 });
    expect(broken).toBeGreaterThan(200);
  });

  test('that breaks has a shortest part, which breaks by itself', () => {
    fc.assert(fc.property(mutated(histories(30)), operations => {
      const violation = violationOf(operations, strictness);
      fc.pre(violation !== undefined);
      const part = shortestPart(violation, strictness);
      expect(part.operations.length).toBeGreaterThan(0);
      expect(part.operations.length).toBeLessThanOrEqual(operations.length);
      expect([...part.operations, ...part.others].every(operation => operation.called <= violation.failed.returned)).toBe(true);
    }), { numRuns: 100 });
  });

  test('can be checked in windows as well as whole', () => {
    fc.assert(fc.property(fc.array(mutated(histories(8)), { minLength: 2, maxLength: 3 }), parts => {
      const windows = new Windows({ objects: SPECIFICATIONS, joint: SPECIFICATIONS.length, contenders: CONTENDERS * parts.length, strictness });
      let begin = 0;
      // In each window others play: what they own in the end they own for good.
      const moved = parts.map((operations, index) => {
        const end = Math.max(...operations.map(({ returned }) => returned)) + 1;
        const later = operations.map(operation => ({ ...operation, contender: operation.contender + CONTENDERS * index, called: operation.called + begin, returned: operation.returned + begin }));
        begin += end;
        return later;
      });
      const whole = new Windows({ objects: SPECIFICATIONS, joint: SPECIFICATIONS.length, contenders: CONTENDERS * parts.length, strictness }).check(moved.flat());
      const inParts = moved.map(operations => windows.check(operations)).find(violation => violation !== undefined);
      expect(inParts === undefined).toBe(whole === undefined);
    }), { numRuns: 200 });
  });
});
