import { openingError } from './errors.js';
import type { Failure, NamedKind } from './kernel/kernel.js';
import { kernel } from './kernel/select.js';
import { ERROR_FILE_NOT_FOUND, ERROR_INVALID_HANDLE } from './kernel/status.js';

/** Each kind with a right that there is for it: that to wait, and for a section that to read. */
const LEAST_RIGHT = { mutex: 0x100000, semaphore: 0x100000, event: 0x100000, timer: 0x100000, section: 0x4 } as const satisfies Record<NamedKind, number>;

/** The error for a create or an open that has just failed. */
export function openingFailed(kind: NamedKind, name: string | undefined): Error {
  const { failure } = kernel;
  const isMismatch = failure.errno === ERROR_INVALID_HANDLE && failure.argument === undefined && name !== undefined;
  return openingError(failure, { kind, name }, isMismatch ? kindOfName(name, kind) : undefined);
}

/** The kind of the object that has the name, and is not of the kind `asked`: no kernel tells, but each opens it as what it is alone. `undefined` if it is none of them, or is gone by now. */
function kindOfName(name: string, asked: NamedKind): NamedKind | undefined {
  return (Object.keys(LEAST_RIGHT) as NamedKind[]).find(kind => kind !== asked && isOfKind(name, kind));
}

/** A kernel compares the kind before the rights: to be denied is to have the kind. */
function isOfKind(name: string, kind: NamedKind): boolean {
  const handle = kernel.open(kind, name, LEAST_RIGHT[kind], false);
  if (handle !== 0) return kernel.close(handle);
  const { errno }: Failure = kernel.failure;
  return errno !== ERROR_INVALID_HANDLE && errno !== ERROR_FILE_NOT_FOUND;
}
