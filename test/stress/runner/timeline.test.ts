import { expect, test } from 'vitest';
import { Board, BOARD_BYTES, PROGRESS } from '../../../stress/peers/board.js';
import { Timeline } from '../../../stress/runner/timeline.js';

function timeline(contenders: number) {
  const board = new Board(new ArrayBuffer(BOARD_BYTES));
  return { board, timeline: new Timeline(board, contenders) };
}

test('a timeline has what each contender had done at each sample', () => {
  const { board, timeline: subject } = timeline(2);
  subject.sample();
  board.add(PROGRESS, 5);
  subject.sample();
  board.add(PROGRESS + 1, 7);
  subject.sample();
  expect(subject.toReport().operations).toEqual([[0, 5, 5], [0, 0, 7]]);
  expect(subject.toReport().at).toHaveLength(3);
});

test('a timeline counts on where the entries of the board wrap', () => {
  const { board, timeline: subject } = timeline(1);
  for (let step = 0; step < 6; step++) {
    board.add(PROGRESS, 2 ** 30);
    subject.sample();
  }
  board.add(PROGRESS, 1);
  expect(subject.totals()).toEqual([6 * 2 ** 30 + 1]);
});

test('a timeline stays within a limit, from the first sample to about the last', () => {
  const { board, timeline: subject } = timeline(1);
  const samples = 100_000;
  for (let sample = 0; sample < samples; sample++) {
    board.add(PROGRESS, 1);
    subject.sample();
  }
  const { at, operations: [line = []] } = subject.toReport();
  expect(at.length).toBeLessThanOrEqual(4096);
  expect(line).toHaveLength(at.length);
  expect(line[0]).toBe(1);
  const steps = new Set(line.slice(1).map((value, index) => value - (line[index] ?? 0)));
  expect(steps.size).toBe(1);
  expect(line.at(-1)).toBeGreaterThan(samples * 0.99);
});
