import { createHash } from 'node:crypto';
import { EEXIST } from './system/errno.js';
import { systemFailure } from './file/failure.js';
import { createFile, Folder } from './file/folder.js';
import type { Settings } from './file/settings.js';
import type { Sessions } from './sessions.js';

/** Not that of sections, whose files are removed when nobody uses the folder any more. */
const PREFIX = 'owned-';

/** Notes of who owns a mutex, as empty files beside the shared file: they stay when that one begins afresh, and go with the machine's memory. */
export class OwnerMarks {
  readonly #sessions: Sessions;
  readonly #settings: Settings;

  constructor(sessions: Sessions, settings: Settings) {
    this.#sessions = sessions;
    this.#settings = settings;
  }

  /**
   * Whether there is one already; else it has been made. One call of the system does both.
   *
   * @throws FileFailure
   */
  make(name: string): boolean {
    const { system } = this.#sessions.of('user', true);
    const { files } = system;
    const file = fileOf(name);
    return this.#inFolder(folder => {
      const descriptor = createFile(files, folder, file, 'user');
      if (descriptor < 0) {
        const { errno } = files;
        if (errno === EEXIST) return true;
        throw systemFailure(errno, 'open', file);
      }
      files.close(descriptor);
      return false;
    });
  }

  /** @throws FileFailure */
  remove(name: string): void {
    const { system } = this.#sessions.of('user', true);
    this.#inFolder(folder => system.files.removeIn(folder, fileOf(name)));
  }

  #inFolder<Result>(action: (folder: number) => Result): Result {
    const { system, file } = this.#sessions.of('user', true);
    const folder = new Folder(system, file.folder, 'user', this.#settings.user);
    return folder.opened(true, action) as Result; // made, it is there
  }
}

/** Names may be longer than those of files, and have other characters. */
function fileOf(name: string): string {
  return PREFIX + createHash('sha256').update(name, 'utf16le').digest('hex');
}
