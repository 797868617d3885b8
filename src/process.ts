import { checkInteger } from './arguments.js';
import { NotFoundError, systemError } from './errors.js';
import type { Handle } from './kernel/kernel.js';
import { kernel, processes } from './kernel/select.js';
import { ERROR_INVALID_PARAMETER } from './kernel/status.js';
import { OwnedHandle } from './owned-handle.js';
import { membersOf } from './shown.js';
import { Waitable, type ObjectInJson } from './waitable.js';

/**
 * Another process, or this one, as an object to wait for: signalled when the process has ended.
 *
 * It stands for the process that had the id when it was opened, whoever has it later. On Windows nobody has it while this is open; Linux gives the id away as soon as the process
 * has ended and its parent knows of it.
 *
 * @example
 * ```ts
 * using server = Process.open(pid);
 * const { index } = waitAnySync([server, ready]); // 0: it ended before it was ready
 * ```
 */
export class Process extends Waitable {
  readonly kind = 'process';

  /**
   * Opens a running process.
   *
   * @param processId - As `process.pid` gives it.
   * @throws NotFoundError (there is no such process), AccessDeniedError, RangeError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocess | OpenProcess}
   */
  static open(processId: number): Process {
    const process = Process.tryOpen(processId);
    if (process === undefined) {
      throw new NotFoundError(`OpenProcess: there is no process ${processId}`, kernel.failure);
    }
    return process;
  }

  /** As `open`, but gives `undefined` when there is no such process. */
  static tryOpen(processId: number): Process | undefined {
    checkInteger(processId, 'processId', 1, 0xffffffff);
    const handle = kernel.openProcess(processId);
    // Windows says "invalid parameter" of an id that nobody has.
    if (handle === 0) {
      if (kernel.failure.errno === ERROR_INVALID_PARAMETER) return undefined;
      throw systemError(kernel.failure, { kind: 'process', name: String(processId) });
    }
    return new Process({ owned: new OwnedHandle(handle), identity: identityOfProcess(handle) });
  }

  /** With `processId`, while it is open. */
  override toJSON(): ObjectInJson & { readonly processId: number | undefined } {
    // 0 if the system does not tell.
    return membersOf(this, () => ({ ...super.toJSON(), processId: this.closed ? undefined : processes.processIdOf(this.handle) || undefined }));
  }
}

/** As `ObjectInit` has it. Not the id: the system gives that to another process. */
export function identityOfProcess(handle: Handle): string | undefined {
  const process = kernel.processOf(handle);
  return process && `process ${process}`;
}
