import { UnsupportedPlatformError, systemError } from '../errors.js';
import { valueError } from '../arguments.js';
import type { Bitness } from '../kernel/processes.js';
import { processes } from '../kernel/select.js';

/**
 * The folder of Windows' own programs of one bitness, as this process has to write it.
 *
 * In a 32-bit process on a 64-bit Windows, the file system redirector makes `System32` mean `SysWOW64`; the 64-bit programs are in `SysNative`, a name that no other process knows.
 * The redirector is never switched off: that would be for the whole thread, and break whatever loads a DLL meanwhile.
 *
 * | asked by | 32 | 64 |
 * |---|---|---|
 * | a 64-bit process | `C:\Windows\SysWOW64` | `C:\Windows\System32` |
 * | a 32-bit process | `C:\Windows\SysWOW64` | `C:\Windows\SysNative` |
 * | a 32-bit Windows | `C:\Windows\System32` | UnsupportedPlatformError |
 *
 * @example
 * ```ts
 * launch([`${systemDirectory(64)}\\reg.exe`, 'query', key]); // the 64-bit side of the registry, from either bitness
 * ```
 * @throws UnsupportedPlatformError (a 32-bit Windows has no 64-bit programs; not on Windows); TypeError.
 * @see {@link https://learn.microsoft.com/windows/win32/winprog64/file-system-redirector}
 */
export function systemDirectory(bitness: Bitness): string {
  const directory = processes.systemDirectory(checkBitness(bitness));
  if (directory !== undefined) return directory;
  const { failure } = processes;
  if (failure.reason !== undefined) throw new UnsupportedPlatformError(`${failure.syscall}: ${failure.reason}`, failure);
  throw systemError(failure, { kind: 'process' });
}

export function checkBitness(bitness: unknown): Bitness {
  if (bitness !== 32 && bitness !== 64) throw valueError(`bitness must be 32 or 64; given: ${String(bitness)}`);
  return bitness;
}
