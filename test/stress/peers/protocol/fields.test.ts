import { describe, expect, test } from 'vitest';
import { BadCommand, Fields, SLOTS } from '../../../../stress/peers/protocol/fields.js';

function fields(line: string): Fields {
  return new Fields(line.split(' '));
}

describe('the fields of a command', () => {
  test('are read in order, each as what it has to be', () => {
    const read = fields('mutex 7 a%20name%20%F0%9F%94%91 1 -42');
    expect(read.word()).toBe('mutex');
    expect(read.slot()).toBe(7);
    expect(read.text()).toBe('a name 🔑');
    expect(read.flag()).toBe(true);
    expect(read.integer()).toBe(-42);
    expect(read.optionalInteger()).toBeUndefined();
    expect(read.rest()).toEqual([]);
  });

  test('may end in slots, or in keys', () => {
    expect(fields('0 5 127').rest()).toEqual([0, 5, 127]);
    expect(fields('board=0 lock=-1').keys()).toEqual(new Map([['board', 0], ['lock', -1]]));
  });

  test.each(['', '+1', '1.5', '0x10', '1e3', ' 1', 'one', '-', '--1', '1000000000000000'])('that are no numbers are bad: %j', field => {
    expect(() => new Fields([field]).integer()).toThrow(BadCommand);
  });

  test.each([-1, SLOTS, 1e6])('that are no slots are bad: %d', slot => {
    expect(() => new Fields([String(slot)]).slot()).toThrow(BadCommand);
    expect(() => new Fields([String(slot)]).rest()).toThrow(BadCommand);
  });

  test.each(['2', '-1', 'true'])('that are no flags are bad: %s', flag => {
    expect(() => new Fields([flag]).flag()).toThrow(BadCommand);
  });

  test.each(['%', '%zz', '%ff', '%ed%a0%80'])('that are not percent-encoded UTF-8 are bad: %s', text => {
    expect(() => new Fields([text]).text()).toThrow(BadCommand);
  });

  test('that are missing are bad', () => {
    const none = new Fields([]);
    for (const read of [() => none.word(), () => none.text(), () => none.integer(), () => none.flag(), () => none.slot()]) expect(read).toThrow(BadCommand);
    expect(() => fields('board=').keys()).toThrow(BadCommand);
    expect(() => fields('board').keys()).toThrow(BadCommand);
  });
});
