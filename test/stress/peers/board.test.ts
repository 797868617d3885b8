import { expect, test } from 'vitest';
import { Board, BOARD_BYTES, COUNTER, HIGH_WATER, PROGRESS, STOP } from '../../../stress/peers/board.js';
import { now } from '../../../stress/measure/clock.js';
import { RoleContext } from '../../../stress/peers/roles/role-context.js';

function place(board: Board, contender = 0) {
  return { board, contender, contenders: 2, spin: 3, interrupt: () => undefined };
}

test('a board reads what was written, plain or interlocked', () => {
  const board = new Board(new ArrayBuffer(BOARD_BYTES));
  board.write(COUNTER, 5);
  expect(board.load(COUNTER)).toBe(5);
  expect(board.add(COUNTER, -7)).toBe(-2);
  board.store(COUNTER, 9);
  expect(board.read(COUNTER)).toBe(9);
  board.clear();
  expect(board.read(COUNTER)).toBe(0);
});

test('a high-water mark only rises', () => {
  const board = new Board(new ArrayBuffer(BOARD_BYTES));
  for (const value of [3, 1, 7, 5]) board.raise(HIGH_WATER, value);
  expect(board.read(HIGH_WATER)).toBe(7);
});

test('the sum of all progress wraps as the counter does', () => {
  const board = new Board(new ArrayBuffer(BOARD_BYTES));
  for (const contender of [0, 1, 2]) board.write(PROGRESS + contender, 2 ** 31 - 1);
  for (let contender = 0; contender < 3; contender++) board.add(COUNTER, 2 ** 31 - 1);
  expect(board.sumOfProgress(3)).toBe(board.load(COUNTER));
});

test('a board that is too small is refused', () => {
  expect(() => new Board(new ArrayBuffer(BOARD_BYTES - 4))).toThrow(RangeError);
});

test('a contender reports its operations, on the board too, and what went wrong first', () => {
  const board = new Board(new ArrayBuffer(BOARD_BYTES));
  const report = new RoleContext(place(board, 1)).run(self => {
    while (!self.stopping) {
      self.wait(() => ({ status: self.operations === 0 ? 'abandoned' : 'signaled', index: 0, object: undefined, locks: [] }));
      self.spin();
      self.progress();
      if (self.operations === 2) self.violate('torn');
      if (self.operations === 3) self.violate('over');
      if (self.operations === 4) board.store(STOP, 1);
    }
  });
  expect(report).toMatchObject({ operations: 4, abandonments: 1, violations: 2, firstViolation: 'torn' });
  expect(report.waits.count).toBe(4);
  expect(board.read(PROGRESS + 1)).toBe(4);
  expect(board.sumOfProgress(2)).toBe(4);
});

test('a contender whose wait never ends reports that it is stuck', () => {
  const report = new RoleContext(place(new Board(new ArrayBuffer(BOARD_BYTES)))).run(self => {
    self.wait(() => ({ status: 'timeout', index: -1, object: undefined, locks: [] }));
    throw new Error('never reached');
  });
  expect(report).toMatchObject({ operations: 0, violations: 1, firstViolation: 'stuck' });
});

test('an error of a role is not hidden', () => {
  const contention = new RoleContext(place(new Board(new ArrayBuffer(BOARD_BYTES))));
  expect(() => contention.run(() => {
    throw new Error('a bug');
  })).toThrow('a bug');
});

test('who had to wait for a release by another contender tells how long the hand-over took', () => {
  const board = new Board(new ArrayBuffer(BOARD_BYTES));
  const signaled = { status: 'signaled', index: 0, object: undefined, locks: [] } as const;
  const play = (contender: number, meanwhile: () => void = () => undefined) => new RoleContext(place(board, contender)).run(self => {
    self.wait(() => {
      meanwhile();
      return signaled;
    });
    self.tookOver(2);
    self.letsGo(2);
  });
  const countsOf = ({ handOvers }: ReturnType<typeof play>) => [handOvers[32].count, handOvers[64].count];
  const released = () => board.writeRelease(2, { at: now(), contender: 1, bits: 32 });
  expect(play(1).holds.count).toBe(1);
  expect(board.readRelease(2)).toMatchObject({ contender: 1, bits: process.arch === 'ia32' ? 32 : 64 });
  expect(countsOf(play(0))).toEqual([0, 0]); // it was free when the wait began
  expect(countsOf(play(0, released))).toEqual([1, 0]);
  expect(countsOf(play(1, released))).toEqual([0, 0]); // by itself
});
