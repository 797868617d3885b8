import { rangeError, typeError } from '../arguments.js';

/*
 * The rule, in Microsoft's words: "64-bit versions of Windows use 32-bit handles for interoperability. When sharing a handle between 32-bit and 64-bit applications, only the lower 32 bits are
 * significant, so it is safe to truncate the handle (when passing it from 64-bit to 32-bit) or sign-extend the handle (when passing it from 32-bit to 64-bit)."
 * https://learn.microsoft.com/windows/win32/winprog64/interprocess-communication
 */

const RULE = 'a handle: 32 bits, or 64 of which the upper half repeats the sign of the lower one';

/**
 * Whether a value can be a handle: whether nothing of it is lost when it is truncated to 32 bits, and comes back when it is sign-extended.
 *
 * A negative handle that was zero-extended, such as `0xFFFFFFFEn` for -2, is none: a 64-bit process would be asked for another handle.
 *
 * @param value - As a 64-bit process has it: signed, or a bigint without a sign.
 * @see {@link https://learn.microsoft.com/windows/win32/winprog64/interprocess-communication}
 */
export function isSignificant(value: number | bigint): boolean {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return false;
  const wide = BigInt(value);
  return wide >= -(2n ** 63n) && wide < 2n ** 64n && BigInt.asIntN(64, wide) === BigInt.asIntN(32, wide);
}

/**
 * Truncates a handle for a 32-bit process, whose numbers have no sign: what a `uint32` field or a decimal argument for it should have.
 *
 * @param handle - Signed, as `object.handle` is, or the 64 bits of a foreign function's.
 * @example
 * ```ts
 * toHandle32(-2); // 4294967294, which is 0xFFFFFFFE
 * ```
 * @throws RangeError if the value is no handle, such as a negative one that was zero-extended to 64 bits; TypeError.
 */
export function toHandle32(handle: number | bigint): number {
  if (typeof handle !== 'number' && typeof handle !== 'bigint') throw typeError('handle', RULE, handle);
  if (!isSignificant(handle)) throw rangeError('handle', RULE, handle);
  return Number(BigInt.asUintN(32, BigInt(handle)));
}

/**
 * Sign-extends a handle that a 32-bit process gave.
 *
 * @param value - 32 bits, with or without a sign: from -2147483648 to 4294967295.
 * @returns A signed number: the handle in any process.
 * @example
 * ```ts
 * fromHandle32(0xFFFFFFFE); // -2
 * ```
 * @throws RangeError, TypeError.
 */
export function fromHandle32(value: number): number {
  const allowed = 'an integer of 32 bits, from -2147483648 to 4294967295';
  if (typeof value !== 'number') throw typeError('value', allowed, value);
  if (!Number.isInteger(value) || value < -0x80000000 || value > 0xffffffff) throw rangeError('value', allowed, value);
  return value | 0;
}
