import koffi from 'koffi';
import { chmodSync, constants, fstatSync, lstatSync, mkdirSync, readdirSync, readFileSync, readSync, statSync, ftruncateSync, unlinkSync, writeSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../kernel.js';
import { ERROR_ACCESS_DENIED, ERROR_FILE_CORRUPT, ERROR_NOT_ENOUGH_MEMORY, ERROR_NOT_SUPPORTED, ERROR_TOO_MANY_OPEN_FILES } from '../status.js';
import {
  FILE_BYTES, HEADER, KIND_MUTEX, MAGIC, OBJECT, OBJECTS_AT, OBJECT_BYTES, OBJECT_CAPACITY, REFERENCES_AT, REFERENCE_BYTES,
  REFERENCE_CAPACITY, VERSION,
} from './layout.js';
import { pointersOf, POINTERS_PER_FILE, type Pointers } from './robust-list.js';
import type { Audience, Mapped, Settings } from './settings.js';
import { EACCES, EEXIST, ELOOP, EMFILE, ENOENT, ENOMEM, ENOSPC, EPERM, OPEN_FLAGS, type Address, type System } from './system.js';

/** How many references or objects get memory at a time: 64 KiB and 256 KiB. */
const STEP = 2048;

/** How often a file that is in use, and yet not ready, is opened anew. Each turn somebody else makes it ready, unless one who uses it has overwritten it. */
const TURNS = 1000;

const FILE_NAME = 'objects';
const SECTION_PREFIX = 'section-';
const SECTION_NAME = /^section-(\d+)-(\d+)$/;

/** Why the file cannot be used. It never leaves the kernel: there it becomes the failure of the call. */
export class FileFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason ?? failure.syscall);
    this.failure = failure;
  }
}

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
  readonly folder: string;
  readonly audience: Audience;
  readonly address: Address;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly pointers: Pointers;
  readonly buffer: ArrayBufferLike;
  readonly #system: System;
  readonly #inode: bigint;

  private constructor(system: System, folder: string, audience: Audience, address: Address, inode: bigint, buffer: ArrayBufferLike) {
    this.#system = system;
    this.folder = folder;
    this.audience = audience;
    this.address = address;
    this.#inode = inode;
    this.buffer = buffer;
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.pointers = pointersOf(buffer, 0, POINTERS_PER_FILE);
  }

  /**
   * @param make - Whether to make the file if there is none.
   * @throws FileFailure
   */
  static open(system: System, settings: Settings, audience: Audience, make: boolean): SharedFile | undefined {
    const folder = settings.folder(audience);
    // A wait thread has the file of those it waits for, even where it could not open it any more.
    const mapped = settings.mapped(audience) ?? openMapped(system, settings, folder, audience, make);
    if (mapped === undefined) return undefined;
    settings.noteMapped(audience, mapped);
    const { address, inode } = mapped;
    return new SharedFile(system, folder, audience, address, inode, visible(system, join(folder, FILE_NAME), address));
  }

  /** Makes sure that references, or objects, below `count` have memory. Under the namespace mutex. */
  back(field: typeof HEADER.REFERENCES_BACKED | typeof HEADER.OBJECTS_BACKED, count: number): void {
    const { words } = this;
    const backed = words[field] ?? 0;
    if (count <= backed) return;
    const [at, bytes, capacity] = field === HEADER.OBJECTS_BACKED ? [OBJECTS_AT, OBJECT_BYTES, OBJECT_CAPACITY] as const : [REFERENCES_AT, REFERENCE_BYTES, REFERENCE_CAPACITY] as const;
    const next = Math.min(capacity, Math.ceil(count / STEP) * STEP);
    const path = join(this.folder, FILE_NAME);
    const descriptor = this.#system.open(path, OPEN_FLAGS, 0);
    if (descriptor < 0) throw systemFailure(this.#system.errno, 'open', path);
    try {
      if (fstatSync(descriptor, { bigint: true }).ino !== this.#inode) {
        throw new FileFailure({ errno: ERROR_FILE_CORRUPT, syscall: 'open', reason: `${path} has been removed while it was in use` });
      }
      allocate(this.#system, descriptor, at + backed * bytes, (next - backed) * bytes, path);
    } finally {
      this.#system.close(descriptor);
    }
    words[field] = next;
  }

  /** False if the thread does not have the file mapped; true if that cannot be known. */
  mayBeUsedBy(thread: number): boolean {
    try {
      return readFileSync(`/proc/${thread}/maps`, 'latin1').includes(` ${this.#inode} `);
    } catch {
      return true;
    }
  }

  sectionPath(index: number, generation: number): string {
    return join(this.folder, `${SECTION_PREFIX}${index}-${generation}`);
  }

  /** Removes the files of sections that are not these. */
  removeSectionsExcept(isSection: (index: number, generation: number) => boolean): void {
    for (const name of namesIn(this.folder)) {
      const [, index = '', generation = ''] = SECTION_NAME.exec(name) ?? [];
      if (index !== '' && !isSection(Number(index), Number(generation))) removeQuietly(join(this.folder, name));
    }
  }
}

function openMapped(system: System, settings: Settings, folder: string, audience: Audience, make: boolean): Mapped | undefined {
  if (make) makeFolder(folder, audience);
  const path = join(folder, FILE_NAME);
  const owner = audience === 'user' ? settings.user : undefined;
  for (let turn = 0; turn < TURNS; turn++) {
    const descriptor = openFile(system, path, audience, owner, make);
    if (descriptor === undefined) return undefined;
    const mapped = openedFile(system, descriptor, path, folder, owner);
    if (mapped !== 'again') return mapped;
    // Two that each wait for the other's lock to go would go round and round together.
    system.yield();
  }
  throw overwritten(path);
}

function makeFolder(folder: string, audience: Audience): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    // Not left to the umask. Sticky: nobody removes what is another's.
    if (audience === 'everyone') chmodSync(folder, 0o1777);
  } catch (error) {
    const { code, errno = 0 } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw systemFailure(-errno, 'mkdir', folder);
  }
}

/** `undefined` where there is none, and none is to be made. */
function openFile(system: System, path: string, audience: Audience, owner: number | undefined, make: boolean): number | undefined {
  checkFolder(join(path, '..'), owner);
  for (;;) {
    // Without O_CREAT first: Linux forbids it for the files of others in a sticky folder.
    let descriptor = system.open(path, OPEN_FLAGS, 0);
    if (descriptor >= 0) return descriptor;
    const { errno } = system;
    if (errno !== ENOENT) throw systemFailure(errno, 'open', path);
    if (!make) return undefined;
    descriptor = createFile(system, path, audience);
    if (descriptor >= 0) return descriptor;
    const refused = system.errno;
    if (refused !== EEXIST) throw systemFailure(refused, 'open', path); // else somebody was quicker
  }
}

/** -1 on failure, such as when there is one. */
export function createFile(system: System, path: string, audience: Audience): number {
  const descriptor = system.open(path, OPEN_FLAGS | constants.O_CREAT | constants.O_EXCL, 0o600);
  // Not left to the umask.
  if (descriptor >= 0 && audience === 'everyone') chmodSync(`/proc/self/fd/${descriptor}`, 0o666);
  return descriptor;
}

/**
 * A folder of this user's alone, or a sticky one; never a link.
 *
 * @param owner - `undefined`: everybody's.
 */
function checkFolder(folder: string, owner: number | undefined): void {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return;
  const refuse = (what: string) => new FileFailure({ errno: ERROR_ACCESS_DENIED, syscall: 'open', reason: `${folder} ${what}` });
  if (!stats.isDirectory()) throw refuse('is not a folder');
  if (owner !== undefined) {
    if (stats.uid !== owner) throw refuse(`belongs to user ${stats.uid}`);
    if ((stats.mode & 0o077) !== 0) throw refuse('is open to other users (its mode must be 700)');
  } else if ((stats.mode & 0o1000) === 0) {
    throw refuse('is not sticky (its mode must be 1777)');
  }
}

function checkFile(stats: BigIntStats, path: string, owner: number | undefined): void {
  const refuse = (what: string) => new FileFailure({ errno: ERROR_ACCESS_DENIED, syscall: 'open', reason: `${path} ${what}` });
  if (!stats.isFile()) throw refuse('is not a file');
  if (owner === undefined) return;
  if (stats.uid !== BigInt(owner)) throw refuse(`belongs to user ${stats.uid}`);
  if ((stats.mode & 0o077n) !== 0n) throw refuse('is open to other users (its mode must be 600)');
}

/** Takes the descriptor over: it is closed, or stays open with the shared lock for as long as the process lives. */
function openedFile(system: System, descriptor: number, path: string, folder: string, owner: number | undefined): Mapped | 'again' {
  let keep = false;
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    checkFile(stats, path, owner);
    const mapped = mappingOf(stats);
    if (mapped !== undefined) return { address: mapped, inode: stats.ino };

    if (system.tryLockExclusively(descriptor)) initialize(system, descriptor, path, folder);
    if (!system.lockShared(descriptor)) throw systemFailure(system.errno, 'flock', path);
    // Between the two locks somebody else may have begun afresh, or removed the file.
    if (statSync(path, { bigint: true, throwIfNoEntry: false })?.ino !== stats.ino || !isReady(descriptor, path)) return 'again';

    const address = system.map(descriptor, FILE_BYTES);
    if (address === undefined) throw systemFailure(system.errno, 'mmap', path);
    keep = true;
    return { address, inode: stats.ino };
  } finally {
    if (!keep) system.close(descriptor);
  }
}

/** Where this process has the whole file mapped already. */
function mappingOf({ dev, ino }: BigIntStats): Address | undefined {
  const device = `${hexadecimal((dev >> 8n) & 0xfffn)}:${hexadecimal((dev & 0xffn) | ((dev >> 12n) & 0xfff00n))}`;
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    if (!line.includes(` ${ino} `)) continue;
    const [range = '', permissions, offset, lineDevice, inode] = line.split(/ +/);
    const [begin = '', end = ''] = range.split('-');
    const address = parseInt(begin, 16);
    if (inode === String(ino) && lineDevice === device && permissions === 'rw-s' && offset === '00000000' && parseInt(end, 16) - address === FILE_BYTES) return address;
  }
  return undefined;
}

function hexadecimal(number: bigint): string {
  return number.toString(16).padStart(2, '0');
}

/** Begins afresh; nobody else uses the file. MAGIC last: if this process ends on the way, the next one finds the file not ready, and is alone as well. */
function initialize(system: System, descriptor: number, path: string, folder: string): void {
  ftruncateSync(descriptor, 0);
  for (const name of namesIn(folder)) {
    if (name.startsWith(SECTION_PREFIX)) removeQuietly(join(folder, name));
  }
  ftruncateSync(descriptor, FILE_BYTES);
  allocate(system, descriptor, 0, REFERENCES_AT + STEP * REFERENCE_BYTES, path);
  allocate(system, descriptor, OBJECTS_AT, STEP * OBJECT_BYTES, path);
  const header = new Int32Array(16);
  header[HEADER.VERSION] = VERSION;
  header[HEADER.PID_NAMESPACE] = pidNamespace();
  header[HEADER.OBJECTS_USED] = 1;
  header[HEADER.REFERENCES_BACKED] = STEP;
  header[HEADER.OBJECTS_BACKED] = STEP;
  const write = (words: Int32Array, at: number) => writeSync(descriptor, words, 0, words.byteLength, at);
  write(header, 0);
  write(Int32Array.of(KIND_MUTEX), OBJECTS_AT + OBJECT.KIND * 4);
  write(Int32Array.of(MAGIC), HEADER.MAGIC * 4);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // somebody has removed it
  }
}

export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // There is none; or it is another user's, in a sticky folder.
  }
}

/**
 * Whether the file has been initialised, as this library would do it. It is locked, so that it stays so.
 *
 * @throws FileFailure for a file that is in use, and that this process cannot take part in.
 */
function isReady(descriptor: number, path: string): boolean {
  const header = new Int32Array(16);
  if (readSync(descriptor, header, 0, header.byteLength, 0) < header.byteLength || header[HEADER.MAGIC] === 0) return false;
  const refuse = (errno: number, reason: string) => new FileFailure({ errno, syscall: 'mmap', reason: `${path} ${reason}` });
  if (header[HEADER.MAGIC] !== MAGIC) throw overwritten(path);
  if (header[HEADER.VERSION] !== VERSION) {
    throw refuse(ERROR_NOT_SUPPORTED, `is in use by programs with version ${header[HEADER.VERSION]} of the layout, and this one has version ${VERSION}: end them, or set WAITABLE_DIR`);
  }
  if (header[HEADER.PID_NAMESPACE] !== pidNamespace()) {
    throw refuse(ERROR_NOT_SUPPORTED, 'is in use in another PID namespace, such as another container\'s, where thread ids mean other threads: set WAITABLE_DIR to a folder of this container\'s own');
  }
  if (fstatSync(descriptor).size !== FILE_BYTES) throw overwritten(path);
  return true;
}

function overwritten(path: string): FileFailure {
  return new FileFailure({ errno: ERROR_FILE_CORRUPT, syscall: 'mmap', reason: `${path} is in use, and has been overwritten or truncated by some program: end all that use it, or set WAITABLE_DIR` });
}

function pidNamespace(): number {
  return Number(BigInt.asIntN(32, statSync('/proc/self/ns/pid', { bigint: true }).ino));
}

/** The mapping as a buffer. */
function visible(system: System, path: string, address: Address): ArrayBufferLike {
  try {
    return koffi.view(BigInt(address), FILE_BYTES);
  } catch {
    return overWebAssembly(system, path);
  }
}

const WEBASSEMBLY_PAGE = 65_536;

/** What TypeScript knows of WebAssembly comes with the types of browsers alone. */
declare const WebAssembly: { readonly Memory: new (size: { initial: number; maximum: number; shared: boolean }) => { readonly buffer: SharedArrayBuffer } };

/** One for each file, so that it is never collected: V8 would take the memory back. */
const memories: unknown[] = [];

/**
 * Runtimes such as Electron refuse buffers over memory that is not V8's. But nothing forbids to map the file over memory that is: a WebAssembly memory is page-aligned, never moves, and a shared one is
 * never detached. It is a second mapping for JavaScript's eyes alone: the robust list and the futexes keep to the first, which outlives V8.
 */
function overWebAssembly(system: System, path: string): ArrayBufferLike {
  const pages = Math.ceil(FILE_BYTES / WEBASSEMBLY_PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const descriptor = system.open(path, OPEN_FLAGS, 0);
  if (descriptor < 0) throw systemFailure(system.errno, 'open', path);
  const at = Number(koffi.address(new Uint8Array(memory.buffer)));
  const mapped = system.map(descriptor, FILE_BYTES, at);
  system.close(descriptor);
  if (mapped !== at) throw new FileFailure({ errno: ERROR_NOT_SUPPORTED, syscall: 'mmap', reason: 'this runtime refuses external buffers, and the file could not be mapped over a WebAssembly memory' });
  memories.push(memory);
  return memory.buffer;
}

function allocate(system: System, descriptor: number, offset: number, bytes: number, path: string): void {
  const errno = system.allocate(descriptor, offset, bytes);
  if (errno !== 0) throw systemFailure(errno, 'posix_fallocate', path);
}

/** An errno of Linux as a failure in Win32's numbers, which the rest of the library speaks. */
export function systemFailure(errno: number, syscall: string, path: string): FileFailure {
  const of = (number: number, reason: string) => new FileFailure({ errno: number, syscall, reason: `${path}: ${reason}` });
  switch (errno) {
    case EACCES:
    case EPERM:
      return of(ERROR_ACCESS_DENIED, 'access denied');
    case ELOOP:
      return of(ERROR_ACCESS_DENIED, 'is a symbolic link, which is not followed');
    case ENOENT:
      return of(ERROR_NOT_SUPPORTED, 'there is no such folder: set WAITABLE_DIR to one that exists, in memory if possible');
    case ENOSPC:
    case ENOMEM:
      return of(ERROR_NOT_ENOUGH_MEMORY, 'no space is left');
    case EMFILE:
      return of(ERROR_TOO_MANY_OPEN_FILES, 'this process has too many files open');
    default:
      return of(ERROR_NOT_SUPPORTED, `errno ${errno}`);
  }
}

