import { join } from 'node:path';
import { ERROR_ACCESS_DENIED, ERROR_FILE_CORRUPT, ERROR_FILE_INVALID, ERROR_LOCK_VIOLATION, ERROR_NOT_SUPPORTED } from '../../status.js';
import { EACCES, EEXIST, ENOENT, ENOTDIR } from '../system/errno.js';
import { FileFailure, systemFailure, tooLarge } from './failure.js';
import { OPEN_FLAGS, PATH_FLAGS, type Stats } from '../system/files.js';
import { createFile, FILE_MODES, Folder, MAKING_TIME } from './folder.js';
import {
  FILE_BYTES, HEADER, isLockAt, isLockOf, KIND_MUTEX, MAGIC, OBJECT, OBJECTS_AT, OBJECT_BYTES, OBJECT_CAPACITY, REFERENCES_AT, REFERENCE_BYTES,
  REFERENCE_CAPACITY, VERSION,
} from './layout.js';
import { OWN_BYTES } from './own-descriptors.js';
import { mayHaveMapped, ownMapping } from './own-mapping.js';
import { POINTER_BYTES, pointersOf, type Pointers } from '../system/robust-list.js';
import { removeAllSections } from './section-file.js';
import type { Audience, Mapped, Settings } from './settings.js';
import type { Address, System } from '../system/system.js';
import { visible } from './visible-memory.js';

/** How many references or objects get memory at a time: 64 KiB and 256 KiB. */
const STEP = 2048;

/** How often a file that is in use, and yet not ready, is opened anew. Each turn somebody else makes it ready, unless one who uses it has overwritten it. */
const TURNS = 1000;

/** For so long, in ms, somebody else may have the file locked to begin it afresh, which takes less than one. */
const LOCK_PATIENCE = 5000;
/** The same for who only looks whether there is something. */
const LOOK_PATIENCE = 1000;

const FILE_NAME = 'objects';

/**
 * The shared file, mapped into this process: see `layout.ts` for what is in it.
 *
 * Every process that uses it holds a shared `flock` on it. Whoever gets the exclusive one is alone, and begins afresh: so what programs leave behind, in whatever
 * way they ended, lives no longer than the last of them, and nothing has to be repaired that nobody uses.
 *
 * All threads of a process share one mapping. A second thread finds it in `/proc/self/maps`, because threads share no JavaScript, and because a descriptor and a mapping for
 * each thread that ever was would add up. It is never unmapped: the kernel reads it when a thread ends, after JavaScript has gone.
 */
export class SharedFile {
  /** The path of the folder. */
  readonly folder: string;
  readonly audience: Audience;
  readonly address: Address;
  readonly byteLength = FILE_BYTES;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly pointers: Pointers;
  readonly buffer: ArrayBufferLike;
  /** Memory of this process's own, and all of its threads'; of no other process's. See `own-descriptors.ts`. */
  readonly own: Int32Array;
  readonly #system: System;
  readonly #folder: Folder;
  readonly #mapped: Mapped;
  readonly #path: string;
  #gone = false;

  private constructor(system: System, folder: Folder, mapped: Mapped) {
    const { address } = mapped;
    this.#system = system;
    this.#folder = folder;
    this.#mapped = mapped;
    this.#path = join(folder.path, FILE_NAME);
    this.folder = folder.path;
    this.audience = folder.audience;
    this.address = address;
    const { buffer, own } = visible(system, address, FILE_BYTES, OWN_BYTES, action => this.#withFile(action));
    this.buffer = buffer;
    this.own = own;
    this.words = new Int32Array(buffer, 0, FILE_BYTES / 4);
    this.doubles = new Float64Array(buffer, 0, FILE_BYTES / 8);
    this.pointers = pointersOf(buffer, 0, Math.floor(FILE_BYTES / POINTER_BYTES));
  }

  isLockAt(offset: number): boolean {
    return isLockAt(offset);
  }

  isLockOf(offset: number, thread: number): boolean {
    return isLockOf(this.words, offset, thread);
  }

  /**
   * @param make - Whether to make the file if there is none.
   * @throws FileFailure
   */
  static open(system: System, settings: Settings, audience: Audience, make: boolean): SharedFile | undefined {
    const folder = new Folder(system, settings.folder(audience), audience, settings.user);
    // A wait thread has the file of those it waits for, even where it could not open it any more.
    const mapped = settings.mapped(audience) ?? openMapped(system, folder, make);
    if (mapped === undefined) return undefined;
    settings.noteMapped(audience, mapped);
    return new SharedFile(system, folder, mapped);
  }

  /** Whether it was found removed or replaced, while programs that began later use another one under the same path. */
  get gone(): boolean {
    return this.#gone;
  }

  /**
   * Looks whether the file is still what its path leads to. If it is not, those who come later have other objects under the same names, and nobody may go on as if they were one.
   *
   * @throws FileFailure
   */
  check(): void {
    if (this.#gone) throw this.#removed();
    const { files } = this.#system;
    const stats = files.statsOf(this.#path);
    // A program that has given up its rights may be unable to look.
    const isThere = stats === undefined ? files.errno !== ENOENT && files.errno !== ENOTDIR : this.#isSame(stats);
    if (!isThere) throw this.#removed();
  }

  /** Makes sure that references, or objects, below `count` have memory. Under the namespace mutex. */
  back(field: typeof HEADER.REFERENCES_BACKED | typeof HEADER.OBJECTS_BACKED, count: number): void {
    const { words } = this;
    const backed = words[field] ?? 0;
    if (count <= backed) return;
    const [at, bytes, capacity] = field === HEADER.OBJECTS_BACKED ? [OBJECTS_AT, OBJECT_BYTES, OBJECT_CAPACITY] as const : [REFERENCES_AT, REFERENCE_BYTES, REFERENCE_CAPACITY] as const;
    const next = Math.min(capacity, Math.ceil(count / STEP) * STEP);
    this.#withFile(descriptor => allocate(this.#system, descriptor, at + backed * bytes, (next - backed) * bytes, this.#path));
    words[field] = next;
  }

  /** False if the thread does not have the file mapped; true if that cannot be known. */
  mayBeUsedBy(thread: number): boolean {
    return mayHaveMapped(this.#system, thread, this.address);
  }

  /**
   * Runs it with a descriptor of the folder that the file is in.
   *
   * @throws FileFailure
   */
  inFolder<Result>(action: (folder: number) => Result): Result {
    const result = this.#folder.opened(false, folder => ({ value: action(folder) }));
    if (result === undefined) throw this.#removed();
    return result.value;
  }

  #withFile<Result>(action: (descriptor: number) => Result): Result {
    const { files } = this.#system;
    return this.inFolder(folder => {
      const descriptor = files.openIn(folder, FILE_NAME, OPEN_FLAGS);
      if (descriptor < 0) throw files.errno === ENOENT ? this.#removed() : systemFailure(files.errno, 'open', this.#path);
      try {
        if (!this.#isSame(files.stats(descriptor))) throw this.#removed();
        return action(descriptor);
      } finally {
        files.close(descriptor);
      }
    });
  }

  #isSame(stats: Stats | undefined): boolean {
    return stats?.inode === this.#mapped.inode && stats.device === this.#mapped.device;
  }

  #removed(): FileFailure {
    this.#gone = true;
    const reason = `${this.#path} has been removed or replaced while it was in use (see "The files" in the README), so that programs which begin now have other objects under the same names: end all that use it`;
    return new FileFailure({ errno: ERROR_FILE_INVALID, syscall: 'open', reason });
  }
}

function openMapped(system: System, folder: Folder, make: boolean): Mapped | undefined {
  // Before anything is made.
  const opening = new Opening(system, folder, pidNamespace(system));
  for (let turn = 0; turn < TURNS; turn++) {
    const mapped = folder.opened(make, descriptor => opening.attempt(descriptor, make));
    if (mapped !== 'again') return mapped;
    // Two that each wait for the other's lock to go would go round and round together.
    system.yield();
  }
  throw overwritten(join(folder.path, FILE_NAME));
}

/** How a process comes to a mapping of the file, each time from the start. */
class Opening {
  readonly #system: System;
  readonly #folder: Folder;
  readonly #path: string;
  readonly #namespace: number;

  constructor(system: System, folder: Folder, namespace: number) {
    this.#system = system;
    this.#folder = folder;
    this.#path = join(folder.path, FILE_NAME);
    this.#namespace = namespace;
  }

  /** `undefined` where there is no file, and none is to be made. */
  attempt(folder: number, make: boolean): Mapped | 'again' | undefined {
    const { files } = this.#system;
    const descriptor = this.#open(folder, make);
    if (descriptor === undefined) return undefined;
    // With the shared lock it stays open for as long as the process lives.
    let keep = false;
    try {
      const { inode, device } = this.#checked(descriptor);
      const mapped = ownMapping(this.#system, descriptor, FILE_BYTES, this.#path);
      if (mapped !== undefined) return { address: mapped, inode, device };

      if (files.tryLockExclusively(descriptor)) this.#initialize(descriptor, folder);
      this.#lockShared(descriptor, make ? LOCK_PATIENCE : LOOK_PATIENCE);
      // Between the two locks somebody else may have begun afresh, or removed the file.
      if (files.statsIn(folder, FILE_NAME)?.inode !== inode || !this.#isReady(descriptor)) return 'again';

      const address = this.#system.mapWithOwn(descriptor, FILE_BYTES, OWN_BYTES);
      if (address === undefined) throw systemFailure(this.#system.errno, 'mmap', this.#path);
      keep = true;
      return { address, inode, device };
    } finally {
      if (!keep) files.close(descriptor);
    }
  }

  #open(folder: number, make: boolean): number | undefined {
    const { files } = this.#system;
    for (let time = 0; ;) {
      // Without O_CREAT first: Linux forbids it for the files of others in a sticky folder.
      const found = files.openIn(folder, FILE_NAME, OPEN_FLAGS);
      if (found >= 0) return found;
      const { errno } = files;
      if (errno === EACCES && this.#isBeingMade(folder) && time++ < MAKING_TIME) {
        this.#system.pause(1);
        continue;
      }
      if (errno !== ENOENT) throw systemFailure(errno, 'open', this.#path);
      if (!make) return undefined;
      // Also what would be refused later on: nothing half-made stays.
      if (files.sizeLimit() < FILE_BYTES) throw tooLarge('ftruncate', this.#path);
      const created = createFile(files, folder, FILE_NAME, this.#folder.audience);
      if (created >= 0) return created;
      const refused = files.errno;
      if (refused !== EEXIST) throw systemFailure(refused, 'open', this.#path); // else somebody was quicker
    }
  }

  /** Whether the file, which may not be opened, is about to get its mode; if it is this user's, whoever was to give it that may have been killed, and it gets it here. */
  #isBeingMade(folder: number): boolean {
    const { files } = this.#system;
    const descriptor = files.openIn(folder, FILE_NAME, PATH_FLAGS);
    if (descriptor < 0) return false;
    try {
      const stats = files.stats(descriptor);
      if (stats?.isFile !== true) return false;
      const mode = FILE_MODES[this.#folder.audience];
      if (stats.user !== this.#folder.user) return this.#folder.audience === 'everyone' && stats.mode !== mode;
      return (stats.mode & 0o077) === 0 && files.setMode(descriptor, mode);
    } finally {
      files.close(descriptor);
    }
  }

  #checked(descriptor: number): Stats {
    const { files } = this.#system;
    const stats = files.stats(descriptor);
    if (stats === undefined) throw systemFailure(files.errno, 'statx', this.#path);
    const refuse = (what: string) => new FileFailure({ errno: ERROR_ACCESS_DENIED, syscall: 'open', reason: `${this.#path} ${what}` });
    if (!stats.isFile) throw refuse('is not a file');
    const isOwn = stats.user === this.#folder.user;
    if (this.#folder.audience === 'user') {
      if (!isOwn) throw refuse(`belongs to user ${stats.user}`);
      if ((stats.mode & 0o077) !== 0) throw refuse('is open to other users (its mode must be 600)');
    } else if (isOwn && stats.mode !== FILE_MODES.everyone) {
      files.setMode(descriptor, FILE_MODES.everyone);
    }
    return stats;
  }

  #lockShared(descriptor: number, patience: number): void {
    const { files } = this.#system;
    for (let time = 0; !files.tryLockShared(descriptor); time++) {
      if (time < patience) this.#system.pause(1);
      else throw new FileFailure({ errno: ERROR_LOCK_VIOLATION, syscall: 'flock', reason: `${this.#path} is locked by a program that stands still, or is not of this library: \`fuser -v\` tells which` });
    }
  }

  /**
   * Begins afresh; nobody else uses the file. MAGIC last: if this process ends on the way, the next one finds the file not ready, and is alone as well.
   *
   * @throws FileFailure; then there is no file.
   */
  #initialize(descriptor: number, folder: number): void {
    const { files } = this.#system;
    try {
      removeAllSections(files, folder);
      if (files.sizeLimit() < FILE_BYTES) throw tooLarge('ftruncate', this.#path);
      for (const length of [0, FILE_BYTES]) if (!files.truncate(descriptor, length)) throw systemFailure(files.errno, 'ftruncate', this.#path);
      allocate(this.#system, descriptor, 0, REFERENCES_AT + STEP * REFERENCE_BYTES, this.#path);
      allocate(this.#system, descriptor, OBJECTS_AT, STEP * OBJECT_BYTES, this.#path);
      const header = new Int32Array(new ArrayBuffer(64));
      header[HEADER.VERSION] = VERSION;
      header[HEADER.PID_NAMESPACE] = this.#namespace;
      header[HEADER.OBJECTS_USED] = 1;
      header[HEADER.REFERENCES_BACKED] = STEP;
      header[HEADER.OBJECTS_BACKED] = STEP;
      this.#write(descriptor, header, 0);
      this.#write(descriptor, wordOf(KIND_MUTEX), OBJECTS_AT + OBJECT.KIND * 4);
      this.#write(descriptor, wordOf(MAGIC), HEADER.MAGIC * 4);
    } catch (error) {
      files.truncate(descriptor, 0);
      files.removeIn(folder, FILE_NAME);
      throw error;
    }
  }

  #write(descriptor: number, words: Int32Array, at: number): void {
    const { files } = this.#system;
    if (!files.write(descriptor, words, at)) throw systemFailure(files.errno, 'pwrite', this.#path);
  }

  /**
   * Whether the file has been initialised, as this library would do it. It is locked, so that it stays so.
   *
   * @throws FileFailure for a file that is in use, and that this process cannot take part in.
   */
  #isReady(descriptor: number): boolean {
    const { files } = this.#system;
    const header = new Int32Array(new ArrayBuffer(64));
    if (files.read(descriptor, header, 0) < header.byteLength || header[HEADER.MAGIC] === 0) return false;
    const refuse = (errno: number, reason: string) => new FileFailure({ errno, syscall: 'mmap', reason: `${this.#path} ${reason}` });
    if (header[HEADER.MAGIC] !== MAGIC) throw overwritten(this.#path);
    if (header[HEADER.VERSION] !== VERSION) {
      throw refuse(ERROR_NOT_SUPPORTED, `is in use by programs with version ${header[HEADER.VERSION]} of the layout, and this one has version ${VERSION}: end them, or set WAITABLE_DIR`);
    }
    if (header[HEADER.PID_NAMESPACE] !== this.#namespace) {
      throw refuse(ERROR_NOT_SUPPORTED, 'is in use in another PID namespace, such as another container\'s, where thread ids mean other threads: set WAITABLE_DIR to a folder of this container\'s own');
    }
    if (files.stats(descriptor)?.size !== FILE_BYTES) throw overwritten(this.#path);
    return true;
  }
}

function wordOf(value: number): Int32Array {
  return new Int32Array(new ArrayBuffer(4)).fill(value);
}

function overwritten(path: string): FileFailure {
  return new FileFailure({ errno: ERROR_FILE_CORRUPT, syscall: 'mmap', reason: `${path} is in use, and has been overwritten or truncated by some program: end all that use it, or set WAITABLE_DIR` });
}

const NAMESPACE = '/proc/self/ns/pid';

function pidNamespace({ files }: System): number {
  const stats = files.statsOf(NAMESPACE);
  if (stats !== undefined) return Number(BigInt.asIntN(32, stats.inode));
  if (files.errno !== ENOENT) throw systemFailure(files.errno, 'statx', NAMESPACE);
  throw new FileFailure({ errno: ERROR_NOT_SUPPORTED, syscall: 'statx', reason: `there is no ${NAMESPACE}, which tells whose thread ids are meant: mount /proc` });
}

function allocate({ files }: System, descriptor: number, offset: number, bytes: number, path: string): void {
  const errno = files.allocate(descriptor, offset, bytes);
  if (errno !== 0) throw systemFailure(errno, 'posix_fallocate', path);
}
