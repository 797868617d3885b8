import type { Failure, Handle } from './kernel.js';

/**
 * The second seam: what a kernel does with other processes. It stands beside `Kernel`, since only `waitable/bitness` asks for it, and what it needs of the system is bound
 * when it is asked for. The same rules hold: arguments are checked, nothing throws, and a call that fails leaves the reason in `failure`.
 */
export interface Processes {
  readonly failure: Failure;

  /** Another handle to the object, in another process; its value there, or 0 on failure. With the rights of this one if `access` is `undefined`. */
  duplicateTo(processId: number, handle: Handle, access: number | undefined, inheritable: boolean): Handle;
  /** The opposite: another handle to what `handle` refers to in that process. */
  duplicateFrom(processId: number, handle: Handle, inheritable: boolean): Handle;
  /** `undefined` when the handle refers to nothing. */
  inspect(handle: Handle): HandleInformation | undefined;

  /** The id of the process that the handle refers to; 0 on failure. */
  processIdOf(process: Handle): number;
  /** How it ended: `'running'` if it has not, `'unknown'` if only others are told. `undefined` on failure. */
  exitCodeOf(process: Handle): number | 'running' | 'unknown' | undefined;
  /** Of the program that it runs; `undefined` on failure. */
  bitnessOf(process: Handle): Bitness | undefined;

  launch(order: LaunchOrder): Handle;
  /** The folder of the system's programs of that bitness, as this process has to write it; `undefined` on failure. */
  systemDirectory(bitness: Bitness): string | undefined;
}

export type Bitness = 32 | 64;

export interface HandleInformation {
  /** As `Kernel.kindOf` has it. */
  readonly kind: string;
  /** The rights, as Win32's access mask. */
  readonly access: number;
  readonly inheritable: boolean;
}

export type LaunchMethod = 'CreateProcess' | 'ShellExecute';

export interface LaunchOrder {
  readonly method: LaunchMethod;
  readonly file: string;
  readonly args: readonly string[];
  /** `undefined`: this process's. */
  readonly directory: string | undefined;
  readonly environment: Readonly<Record<string, string>> | undefined;
  /** Handles that are inheritable already: these, and no others, go to the child under the same values. */
  readonly inherit: readonly Handle[];
  readonly standardStreams: 'ignore' | 'inherit';
  readonly hidden: boolean;
}
