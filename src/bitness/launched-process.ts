import { typeError } from '../arguments.js';
import { systemError } from '../errors.js';
import type { Bitness } from '../kernel/processes.js';
import { processes } from '../kernel/select.js';
import { Process } from '../process.js';
import { INSPECT, inspected, membersOf, type Inspect, type InspectOptions } from '../shown.js';
import type { ObjectInJson, ObjectInit } from '../waitable.js';
import { checkProcess } from './process-argument.js';

/** A process that `launch` started: signalled when it has ended. It is not ended with this one. */
export class LaunchedProcess extends Process {
  /** Nobody else's, for as long as this object is open. */
  readonly processId: number;

  /** @internal */
  constructor(init: ObjectInit) {
    super(init);
    this.processId = checkProcess(this);
  }

  /**
   * How it ended; `undefined` while it runs. On Linux, 128 and the signal's number if a signal ended it.
   *
   * @throws ClosedError
   * @see {@link https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getexitcodeprocess | GetExitCodeProcess}
   */
  get exitCode(): number | undefined {
    const code = processes.exitCodeOf(this.handle);
    if (code === undefined) throw systemError(processes.failure, this);
    return typeof code === 'number' ? code : undefined;
  }

  /** With `processId`, and `exitCode` once it has ended, while this is open. */
  override toJSON(): ObjectInJson & { readonly processId: number; readonly exitCode: number | undefined } {
    return membersOf(this, () => {
      const code = this.closed ? undefined : processes.exitCodeOf(this.handle);
      return { ...super.toJSON(), processId: this.processId, exitCode: typeof code === 'number' ? code : undefined };
    });
  }

  /** @internal */
  override [INSPECT](depth: number, options: InspectOptions, inspect: Inspect): string {
    return inspected(this, 'LaunchedProcess', this.toJSON(), depth, options, inspect);
  }

  /**
   * Whether its program is a 32-bit or a 64-bit one. On Linux it cannot be found out any more when the process has ended.
   *
   * @throws AccessDeniedError, ClosedError
   * @see {@link https://learn.microsoft.com/windows/win32/api/wow64apiset/nf-wow64apiset-iswow64process2 | IsWow64Process2}
   */
  get bitness(): Bitness {
    return bitnessOf(this);
  }
}

/**
 * Whether a process runs a 32-bit or a 64-bit program.
 *
 * @example
 * ```ts
 * using server = Process.open(pid);
 * const handle = bitnessOf(server) === 32 ? toHandle32(event.handle) : event.handle;
 * ```
 * @throws AccessDeniedError (also, on Linux, of a process that has ended), ClosedError, TypeError.
 * @see {@link https://learn.microsoft.com/windows/win32/api/wow64apiset/nf-wow64apiset-iswow64process2 | IsWow64Process2}
 */
export function bitnessOf(process: Process): Bitness {
  // Its id alone is not enough: it could become another one's meanwhile.
  if (!((process as unknown) instanceof Process)) throw typeError('process', 'a Process', process, 'Process.open gives it by its id');
  checkProcess(process);
  const bitness = processes.bitnessOf(process.handle);
  if (bitness === undefined) throw systemError(processes.failure, process);
  return bitness;
}
