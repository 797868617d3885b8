import { describe, test } from 'vitest';
import { Event, fromHandle, SyncError } from 'waitable';
import { bitnessOf, describeHandle, duplicateFrom, SharedMemory, toHandle32 } from 'waitable/bitness';
import { expectThrow, untyped } from '../../support/expect-throw.js';

/** Negative handles that were zero-extended, such as what stands for the own process, -1, and for the own thread, -2. */
const ZERO_EXTENDED = [0xffffffff, 0xfffffffe, 0x80000000];

describe.each(ZERO_EXTENDED)('a negative handle that was zero-extended is refused: %d', value => {
  test.each([
    ['toHandle32', () => toHandle32(value)],
    ['toHandle32, of 64 bits', () => toHandle32(BigInt(value))],
    ['describeHandle', () => describeHandle(value)],
    ['fromHandle', () => fromHandle(Event, value)],
    ['duplicateFrom', () => duplicateFrom(Event, process.pid, value)],
    ['SharedMemory.fromHandle', () => SharedMemory.fromHandle(value, 64)],
  ])('by %s', (_name, act) => {
    expectThrow(act, RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['handle', value] });
  });
});

test('an error about a number that is no handle speaks of a handle', () => {
  using event = Event.create();
  const { handle } = event;
  event.close();
  expectThrow(() => describeHandle(handle), SyncError, { code: 'ERROR_INVALID_HANDLE', mentions: [`handle ${handle}`] });
});

test('the bitness of a process id is refused, which may become the id of another process', () => {
  for (const value of [process.pid, undefined, {}]) {
    expectThrow(() => bitnessOf(untyped(value)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['process', 'a Process'] });
  }
});
