import { expect } from 'vitest';

/** What a test asserts about an error, beyond its class. */
export interface Expected {
  readonly code?: string;
  readonly errno?: number;
  readonly syscall?: string | undefined;
  readonly objectName?: string | undefined;
  readonly actualKind?: string | undefined;
  /** What the message has to tell. */
  readonly mentions?: readonly (string | number)[];
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** Asserts that `act` throws an error of exactly this class, with these details. */
export function expectThrow(act: () => unknown, Class: ErrorClass, { mentions = [], ...details }: Expected = {}): void {
  const error = thrownBy(act);
  expect(error.constructor.name).toBe(Class.name);
  expect(error).toBeInstanceOf(Class);
  expect(error).toMatchObject(details);
  for (const mention of mentions) expect(error.message).toContain(String(mention));
}

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`something was thrown that is no Error: ${String(error)}`, { cause: error });
  }
  throw new Error('nothing was thrown');
}

/** A value as an untyped JavaScript caller may pass it: fits any parameter. */
export function untyped(value: unknown): never {
  return value as never;
}
