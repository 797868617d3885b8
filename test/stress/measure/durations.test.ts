import { describe, expect, test } from 'vitest';
import { Durations } from '../../../stress/measure/durations.js';

describe('how long something took', () => {
  test('is counted, to two significant digits', () => {
    const waits = new Durations();
    for (const nanoseconds of [0, 1000, 1e6, 1e6, 250e6]) waits.record(nanoseconds);
    expect(waits.count).toBe(5);
    expect(waits.percentile(50) / 1e6).toBeCloseTo(1, 1);
    expect(waits.maximum / 250e6).toBeCloseTo(1, 1);
  });

  test('comes through the protocol\'s field as it was', () => {
    const waits = new Durations();
    for (let wait = 0; wait < 10_000; wait++) waits.record(wait * wait * 100);
    const field = waits.toField();
    expect(field).toMatch(/^(\d+:\d+,)+\d+:\d+$/);
    const again = Durations.fromField(field);
    expect(again.count).toBe(waits.count);
    expect(again.toField()).toBe(field);
    for (const percentile of [1, 50, 99, 100]) expect(again.percentile(percentile)).toBe(waits.percentile(percentile));
  });

  test('comes through a report\'s text as it was', () => {
    const waits = Durations.fromField('1000:3,2000000:1,119000000000:2');
    const again = Durations.decode(waits.encode());
    expect(again.toField()).toBe(waits.toField());
    expect(Durations.decode(new Durations().encode()).count).toBe(0);
  });

  test('may be nothing', () => {
    expect(new Durations().toField()).toBe('-');
    expect(Durations.fromField('-').count).toBe(0);
  });

  test('is added up', () => {
    const sum = Durations.fromField('1000:3');
    sum.add(Durations.fromField('1000:2,2000000:1'));
    expect(sum.count).toBe(6);
  });

  test('has a highest value, which stands for all beyond it', () => {
    expect(Durations.fromField('999999999999999:1').count).toBe(1);
  });

  test.each(['', 'x', '1', '1:', '1:0', '1:x', '-1:1', '5:1,'])('is refused when it makes no sense: %j', field => {
    expect(() => Durations.fromField(field)).toThrow('no histogram of durations');
  });
});
