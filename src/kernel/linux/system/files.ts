import koffi from 'koffi';
import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import { EINTR } from './errno.js';

const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;

/** How every file of ours is opened: no link is followed, and no child inherits it. */
export const OPEN_FLAGS = constants.O_RDWR | constants.O_NOFOLLOW | O_CLOEXEC;
export const CREATE_FLAGS = OPEN_FLAGS | constants.O_CREAT | constants.O_EXCL;
/** A folder as a place to begin paths at, which needs no right to read it. */
export const FOLDER_FLAGS = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC;
export const PATH_FLAGS = O_PATH | constants.O_NOFOLLOW | O_CLOEXEC;
const READ_FLAGS = constants.O_RDONLY | O_CLOEXEC;

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC = 0x7ff;
const STATX_BYTES = 256;

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const RLIMIT_FSIZE = 1;

/** In bytes. Files in /proc have no length to ask for. */
const READ_STEP = 32_768;
/** struct linux_dirent64: { u64 inode; s64 next; u16 length; u8 type; char name[] }. */
const ENTRY_LENGTH = 16;
const ENTRY_NAME = 19;

/** What a file is, and whose. */
export interface Stats {
  readonly inode: bigint;
  readonly device: number;
  readonly isFile: boolean;
  readonly isFolder: boolean;
  /** The permissions, with the sticky bit. */
  readonly mode: number;
  readonly user: number;
  readonly links: number;
  readonly size: number;
}

/** Numbers of the system calls that C libraries have no function for, or not all of them. */
interface FileCalls {
  readonly statx: number;
  readonly getdents64: number;
}

const FILE_CALLS: Partial<Record<string, FileCalls>> = {
  x64: { statx: 332, getdents64: 217 },
  arm64: { statx: 291, getdents64: 61 },
  ia32: { statx: 383, getdents64: 220 },
};

const WIDE = koffi.sizeof('void *') === 8;

/**
 * All file calls of this kernel. They go to the C library, none to `node:fs`: a descriptor has to outlive the worker thread that opened it, and not every runtime's `node:fs` takes
 * a descriptor that it has not opened itself.
 *
 * What can fail says so by what it returns, and `errno` tells why. Descriptors and counts are -1 then.
 */
export class Files {
  readonly #calls: FileCalls;
  readonly #openat: (folder: number, path: string, flags: number, mode: number) => number;
  readonly #close: (descriptor: number) => number;
  readonly #statx: (number: number, folder: number, path: string, flags: number, mask: number, found: Uint8Array) => number;
  readonly #getdents: (number: number, descriptor: number, entries: Uint8Array, bytes: number) => number;
  readonly #pread: (descriptor: number, bytes: NodeJS.ArrayBufferView, length: number, offset: number) => number;
  readonly #pwrite: (descriptor: number, bytes: NodeJS.ArrayBufferView, length: number, offset: number) => number;
  readonly #ftruncate: (descriptor: number, length: number) => number;
  readonly #allocate: (descriptor: number, offset: number, bytes: number) => number;
  readonly #flock: (descriptor: number, operation: number) => number;
  readonly #mkdir: (path: string, mode: number) => number;
  readonly #chmod: (path: string, mode: number) => number;
  readonly #unlinkat: (folder: number, name: string, flags: number) => number;
  readonly #getrlimit: (resource: number, limits: Uint32Array) => number;
  readonly #found = new Uint8Array(new ArrayBuffer(STATX_BYTES));
  readonly #fields = new DataView(this.#found.buffer);

  /** `undefined` for a processor whose system calls this library does not know. */
  static bind(): Files | undefined {
    const calls = FILE_CALLS[process.arch];
    return calls && new Files(calls);
  }

  private constructor(calls: FileCalls) {
    this.#calls = calls;
    const library = koffi.load(null);
    this.#openat = library.func('openat', 'int', ['int', 'str', 'int', 'uint32']);
    this.#close = library.func('close', 'int', ['int']);
    this.#statx = library.func('syscall', 'long', ['long', 'int', 'str', 'int', 'uint32', 'void *']);
    this.#getdents = library.func('syscall', 'long', ['long', 'int', 'void *', 'size_t']);
    // Where `long` has 32 bits, half of all addresses in /proc/self/mem would be negative.
    this.#pread = WIDE ? library.func('pread', 'long', ['int', 'void *', 'size_t', 'long']) : library.func('pread64', 'long', ['int', 'void *', 'size_t', 'int64']);
    this.#pwrite = library.func('pwrite', 'long', ['int', 'void *', 'size_t', 'long']);
    this.#ftruncate = library.func('ftruncate', 'int', ['int', 'long']);
    this.#allocate = library.func('posix_fallocate', 'int', ['int', 'long', 'long']);
    this.#flock = library.func('flock', 'int', ['int', 'int']);
    this.#mkdir = library.func('mkdir', 'int', ['str', 'uint32']);
    this.#chmod = library.func('chmod', 'int', ['str', 'uint32']);
    this.#unlinkat = library.func('unlinkat', 'int', ['int', 'str', 'int']);
    this.#getrlimit = library.func('getrlimit', 'int', ['int', 'void *']);
  }

  /** Of the last call that failed. */
  get errno(): number {
    return koffi.errno();
  }

  open(path: string, flags: number, mode = 0): number {
    return this.#openat(AT_FDCWD, path, flags, mode);
  }

  /** @param folder - A descriptor. */
  openIn(folder: number, name: string, flags: number, mode = 0): number {
    return this.#openat(folder, name, flags, mode);
  }

  close(descriptor: number): void {
    this.#close(descriptor);
  }

  stats(descriptor: number): Stats | undefined {
    return this.#stats(descriptor, '', AT_EMPTY_PATH);
  }

  /** Follows links. */
  statsOf(path: string): Stats | undefined {
    return this.#stats(AT_FDCWD, path, 0);
  }

  statsIn(folder: number, name: string): Stats | undefined {
    return this.#stats(folder, name, 0);
  }

  /** By statx: its record is the same on every processor. */
  #stats(folder: number, path: string, flags: number): Stats | undefined {
    if (this.#statx(this.#calls.statx, folder, path, flags, STATX_BASIC, this.#found) !== 0) return undefined;
    const fields = this.#fields;
    const mode = fields.getUint16(28, true);
    const type = mode & constants.S_IFMT;
    return {
      inode: fields.getBigUint64(32, true),
      device: fields.getUint32(136, true) * 0x100000 + fields.getUint32(140, true),
      isFile: type === constants.S_IFREG,
      isFolder: type === constants.S_IFDIR,
      mode: mode & 0o7777,
      user: fields.getUint32(20, true),
      links: fields.getUint32(16, true),
      size: Number(fields.getBigUint64(40, true)),
    };
  }

  /** How many bytes it has read. */
  read(descriptor: number, bytes: NodeJS.ArrayBufferView, offset: number): number {
    for (;;) {
      const count = this.#pread(descriptor, bytes, bytes.byteLength, offset);
      if (count >= 0 || this.errno !== EINTR) return count;
    }
  }

  /** Whether it has written all of it. */
  write(descriptor: number, bytes: NodeJS.ArrayBufferView, offset: number): boolean {
    return this.#pwrite(descriptor, bytes, bytes.byteLength, offset) === bytes.byteLength;
  }

  truncate(descriptor: number, length: number): boolean {
    return this.#ftruncate(descriptor, length) === 0;
  }

  /** Makes the file own memory for these bytes, zeroes where there was none. Gives an errno, or 0. */
  allocate(descriptor: number, offset: number, bytes: number): number {
    let errno: number;
    do errno = this.#allocate(descriptor, offset, bytes); while (errno === EINTR);
    return errno;
  }

  /** Whether no other process has the file locked: then it is locked against all. */
  tryLockExclusively(descriptor: number): boolean {
    return this.#flock(descriptor, LOCK_EX | LOCK_NB) === 0;
  }

  tryLockShared(descriptor: number): boolean {
    return this.#flock(descriptor, LOCK_SH | LOCK_NB) === 0;
  }

  makeFolder(path: string, mode: number): boolean {
    return this.#mkdir(path, mode) === 0;
  }

  /** Not left to the umask. By the link in /proc, which leads to what has been opened and to nothing else. */
  setMode(descriptor: number, mode: number): boolean {
    return this.#chmod(`/proc/self/fd/${descriptor}`, mode) === 0;
  }

  /** Nothing can be done about a failure: there is none; or it is another user's, in a sticky folder. */
  removeIn(folder: number, name: string): void {
    this.#unlinkat(folder, name, 0);
  }

  /** What is in a folder that has been opened for reading by `FOLDER_FLAGS`; nothing if somebody has removed it. */
  namesIn(folder: number): string[] {
    const descriptor = this.openIn(folder, '.', READ_FLAGS | constants.O_DIRECTORY);
    if (descriptor < 0) return [];
    const names: string[] = [];
    try {
      const entries = new Uint8Array(new ArrayBuffer(READ_STEP));
      const fields = new DataView(entries.buffer);
      for (;;) {
        const count = this.#getdents(this.#calls.getdents64, descriptor, entries, entries.length);
        if (count <= 0) return names;
        for (let at = 0; at < count; at += fields.getUint16(at + ENTRY_LENGTH, true)) {
          names.push(Buffer.from(entries.buffer, at + ENTRY_NAME, entries.indexOf(0, at + ENTRY_NAME) - at - ENTRY_NAME).toString('latin1'));
        }
      }
    } finally {
      this.close(descriptor);
    }
  }

  /** The whole of a file, as in /proc, in Latin-1; `undefined` if it cannot be read. */
  text(path: string): string | undefined {
    const descriptor = this.open(path, READ_FLAGS);
    if (descriptor < 0) return undefined;
    try {
      const step = new Uint8Array(new ArrayBuffer(READ_STEP));
      let text = '';
      for (;;) {
        const count = this.read(descriptor, step, text.length);
        if (count < 0) return undefined;
        if (count === 0) return text;
        text += Buffer.from(step.buffer, 0, count).toString('latin1');
      }
    } finally {
      this.close(descriptor);
    }
  }

  /** The first bytes of a file, or what stands at that place; `undefined` if it cannot be read. */
  bytes(path: string, offset: number, count: number): Uint8Array<ArrayBuffer> | undefined {
    const descriptor = this.open(path, READ_FLAGS);
    if (descriptor < 0) return undefined;
    const bytes = new Uint8Array(new ArrayBuffer(count));
    const read = this.read(descriptor, bytes, offset);
    this.close(descriptor);
    return read === count ? bytes : undefined;
  }

  /** The largest file that this process may write (`ulimit -f`), in bytes. Beyond it there is not only EFBIG but SIGXFSZ, which ends a process that does not ignore it. */
  sizeLimit(): number {
    const limits = new Uint32Array(new ArrayBuffer(16));
    if (this.#getrlimit(RLIMIT_FSIZE, limits) !== 0) return Infinity;
    const [low = 0, high = 0] = limits;
    const limit = WIDE ? high * 0x100000000 + low : low;
    return limit >= (WIDE ? Number.MAX_SAFE_INTEGER : 0xffffffff) ? Infinity : limit;
  }
}
