import { expect } from 'vitest';
import type { WaitResult } from 'waitable';

/** Asserts what a synchronous wait gave; the object has to be that very instance. */
export function expectResult(result: WaitResult, { object, ...rest }: Omit<WaitResult, 'locks'>): void {
  expect(result).toMatchObject(rest);
  expect(result.object).toBe(object);
  expect(result.locks).toEqual([]);
}
