import { dirname } from 'node:path';
import { ERROR_NOT_SUPPORTED } from '../status.js';
import { FileFailure } from './file/failure.js';
import { FOLDER_FLAGS } from './system/files.js';
import type { Audience, Settings } from './file/settings.js';
import { SharedFile } from './file/shared-file.js';
import { Session } from './session.js';
import { System } from './system/system.js';
import { Thread } from './file/thread.js';

/** The shared files that this thread takes part in: its user's own and everybody's, each from when it is needed first. */
export class Sessions {
  #thread: Thread | undefined;
  readonly #settings: Settings;
  readonly #open: Partial<Record<Audience, Session>> = {};

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * For a create or an open.
   *
   * @param make - Whether it is made where there is none; else that is `undefined`.
   * @throws FileFailure
   */
  of(audience: Audience, make: true): Session;
  of(audience: Audience, make: boolean): Session | undefined;
  of(audience: Audience, make: boolean): Session | undefined {
    const known = this.#open[audience];
    if (known === undefined) return this.#begin(audience, make);
    known.file.check();
    return known;
  }

  /**
   * For a handle, which belongs to a file that exists.
   *
   * @throws FileFailure
   */
  ofHandle(audience: Audience): Session | undefined {
    return this.#open[audience] ?? this.#begin(audience, false);
  }

  /** Another thread of this process has found a file removed: so will this one. */
  lookAgain(): void {
    for (const { file } of Object.values(this.#open)) {
      try {
        file.check();
      } catch {
        // It has noted so.
      }
    }
  }

  /** Has each take look at its file. */
  noticeRemoval(): void {
    for (const { file, list } of Object.values(this.#open)) if (file.gone) list.lookClosely();
  }

  /** The ids of the other users who have a folder where this user has his. */
  otherUsers(): string[] {
    const system = this.#thread?.system;
    if (system === undefined) return [];
    const { files } = system;
    // With a dot, so that a base that is a link is followed.
    const base = files.open(`${dirname(this.#settings.folder('user'))}/.`, FOLDER_FLAGS);
    if (base < 0) return [];
    const own = String(this.#settings.user);
    const users = files.namesIn(base).map(name => /^waitable-(\d+)$/.exec(name)?.[1] ?? own).filter(user => user !== own);
    files.close(base);
    return users;
  }

  #begin(audience: Audience, make: boolean): Session | undefined {
    const system = this.#thread?.system ?? System.bind();
    if (system === undefined) throw new FileFailure({ errno: ERROR_NOT_SUPPORTED, syscall: 'syscall', reason: `the numbers of this processor's system calls are not known: ${process.arch}` });
    this.#thread ??= new Thread(system);
    const file = SharedFile.open(system, this.#settings, audience, make);
    if (file === undefined) return undefined;
    // The head of the thread's robust list may stand in the first file, see `Thread`: never in one that others write to.
    if (audience === 'everyone' && this.#open.user === undefined) this.#begin('user', true);
    return this.#open[audience] = new Session(file, this.#thread);
  }
}
