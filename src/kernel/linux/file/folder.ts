import { ERROR_ACCESS_DENIED } from '../../status.js';
import { EEXIST, ELOOP, ENOENT, ENOTDIR } from '../system/errno.js';
import { FileFailure, systemFailure } from './failure.js';
import { CREATE_FLAGS, FOLDER_FLAGS, type Files, type Stats } from '../system/files.js';
import type { Audience } from './settings.js';
import type { System } from '../system/system.js';

/** Of a folder: this user's alone; or everybody's, where nobody removes what is another's. */
const MODES = { user: 0o700, everyone: 0o1777 } as const;

/** Of a file in it. */
export const FILE_MODES = { user: 0o600, everyone: 0o666 } as const;

/** For so long, in ms, another user may be about to give what he has made the mode that it is to have. */
export const MAKING_TIME = 100;

/**
 * The folder of a shared file.
 *
 * It is opened and checked anew for each use, and what is in it is reached through that descriptor: so nobody can put another folder, or a link, in its place between the check and the use.
 */
export class Folder {
  readonly path: string;
  readonly audience: Audience;
  /** The id of the user whose files these are, or who uses everybody's. */
  readonly user: number;
  readonly #system: System;

  constructor(system: System, path: string, audience: Audience, user: number) {
    this.#system = system;
    this.path = path;
    this.audience = audience;
    this.user = user;
  }

  /**
   * Runs it with a descriptor of the folder.
   *
   * @param make - Whether the folder is made if there is none; else that is `undefined`.
   * @throws FileFailure
   */
  opened<Result>(make: boolean, action: (descriptor: number) => Result): Result | undefined {
    const { files } = this.#system;
    const descriptor = this.#open(make);
    if (descriptor === undefined) return undefined;
    try {
      this.#check(descriptor);
      return action(descriptor);
    } finally {
      files.close(descriptor);
    }
  }

  #open(make: boolean): number | undefined {
    const { files } = this.#system;
    for (;;) {
      const descriptor = files.open(this.path, FOLDER_FLAGS);
      if (descriptor >= 0) return descriptor;
      const { errno } = files;
      if (errno === ENOTDIR || errno === ELOOP) throw this.#refusal('is not a folder');
      if (errno !== ENOENT) throw systemFailure(errno, 'open', this.path);
      if (!make) return undefined;
      if (files.makeFolder(this.path, 0o700)) continue;
      const refused = files.errno;
      if (refused !== EEXIST) throw systemFailure(refused, 'mkdir', this.path); // else somebody was quicker
    }
  }

  /** What is this user's own gets the mode that the umask has kept from it, also if the process that made it was killed before it could. */
  #check(descriptor: number): void {
    const { audience } = this;
    const mode = MODES[audience];
    const found = this.#statsOf(descriptor);
    const isOwn = found.user === this.user;
    if (audience === 'user') {
      if (!isOwn) throw this.#refusal(`belongs to user ${found.user}`);
      if ((found.mode & 0o077) !== 0) throw this.#refusal('is open to other users (its mode must be 700)');
    } else if (!isOwn) {
      this.#waitUntilMade(descriptor, found);
      return;
    }
    const { files } = this.#system;
    if (found.mode !== mode && !files.setMode(descriptor, mode)) throw systemFailure(files.errno, 'chmod', this.path);
  }

  #waitUntilMade(descriptor: number, found: Stats): void {
    let { mode } = found;
    for (let time = 0; (mode & 0o1002) !== 0o1002; time++) {
      if (time >= MAKING_TIME) throw this.#refusal(`is not sticky and open to all (its mode must be 1777); it belongs to user ${found.user}, who can remove it`);
      this.#system.pause(1);
      ({ mode } = this.#statsOf(descriptor));
    }
  }

  #statsOf(descriptor: number): Stats {
    const { files } = this.#system;
    const found = files.stats(descriptor);
    if (found === undefined) throw systemFailure(files.errno, 'statx', this.path);
    return found;
  }

  #refusal(what: string): FileFailure {
    return new FileFailure({ errno: ERROR_ACCESS_DENIED, syscall: 'open', reason: `${this.path} ${what}` });
  }
}

/** Makes a file in a folder that is open; -1 on failure, such as when there is one. */
export function createFile(files: Files, folder: number, name: string, audience: Audience): number {
  const descriptor = files.openIn(folder, name, CREATE_FLAGS, FILE_MODES.user);
  if (descriptor >= 0) files.setMode(descriptor, FILE_MODES[audience]);
  return descriptor;
}
