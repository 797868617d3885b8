import koffi from 'koffi';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, unlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Failure } from '../kernel.js';
import { ERROR_ACCESS_DENIED, ERROR_GEN_FAILURE } from '../status.js';

/** Decided once: a program may change its environment. The user's own folder, which nobody else can write to, on this machine alone. */
const FOLDER = join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'waitable', 'owned');

/** Notes of who owns a mutex, as empty files. They outlive the machine's next start. */
export class OwnerMarks {
  failure: Failure = { errno: 0, syscall: '' };
  #session: number | undefined;

  /** Whether there is one already; else it has been made, by a call that does both, and follows no link. `undefined` on failure. */
  make(name: string): boolean | undefined {
    try {
      return this.#make(this.#fileOf(name));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const errno = code === 'EPERM' || code === 'EACCES' ? ERROR_ACCESS_DENIED : ERROR_GEN_FAILURE;
      this.failure = { errno, syscall: 'CreateFileW', reason: message };
      return undefined;
    }
  }

  #make(file: string): boolean {
    for (let turn = 0; ; turn++) {
      try {
        closeSync(openSync(file, 'wx', 0o600));
        return false;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EEXIST') return true;
        if (code !== 'ENOENT' || turn > 0) throw error;
        mkdirSync(FOLDER, { recursive: true });
      }
    }
  }

  /** What cannot be removed tells the next one of an unclean end that was none, which is the lesser evil. */
  remove(name: string): void {
    try {
      unlinkSync(this.#fileOf(name));
    } catch {
      // somebody else has removed it, or holds it open
    }
  }

  #fileOf(name: string): string {
    const isGlobal = name.startsWith('Global\\');
    // In each session a name in `Local\` is another mutex's; but in session 0 it is the one of `Global\`.
    const session = isGlobal ? 0 : this.#session ??= sessionOfThisProcess();
    return join(FOLDER, createHash('sha256').update(`${session} ${name.slice(name.indexOf('\\') + 1)}`, 'utf16le').digest('hex'));
  }
}

function sessionOfThisProcess(): number {
  const library = koffi.load('kernel32.dll');
  const processIdToSessionId = library.func('__stdcall', 'ProcessIdToSessionId', 'int32', ['uint32', 'void *']) as (processId: number, session: Uint32Array) => number;
  const session = new Uint32Array(new ArrayBuffer(4));
  return processIdToSessionId(process.pid, session) === 0 ? 0 : session[0] ?? 0;
}
