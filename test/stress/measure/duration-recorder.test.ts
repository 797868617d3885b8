import { expect, test } from 'vitest';
import { DurationRecorder } from '../../../stress/measure/duration-recorder.js';
import { Durations } from '../../../stress/measure/durations.js';

test('what is recorded while it goes on makes the same histogram as what is recorded at once', () => {
  const recorder = new DurationRecorder();
  const durations = new Durations();
  for (let value = 0.3; value < 1e12; value *= 1.003) {
    recorder.record(value);
    durations.record(value);
  }
  expect(recorder.durations().toField()).toBe(durations.toField());
  expect(recorder.durations().encode()).toBe(durations.encode());
});

test('nothing recorded is no durations', () => {
  expect(new DurationRecorder().durations().count).toBe(0);
});

test('more is recorded after a look', () => {
  const recorder = new DurationRecorder();
  recorder.record(1000);
  expect(recorder.durations().count).toBe(1);
  recorder.record(-5); // a clock that steps back is a wait of no length
  expect(recorder.durations().toField()).toBe('1:1,1003:1');
});
