import koffi from 'koffi';
import { ENOSYS, EPERM, ESRCH, ETIMEDOUT } from './errno.js';
import { Files } from './files.js';

/** An address, as a Number: user space ends far below 2^53. */
export type Address = number;

/** Numbers of system calls that the C library has no function for, or where its function would hide what we need. */
interface SystemCalls {
  readonly gettid: number;
  /** The one with a 64-bit timespec. */
  readonly futex: number;
  readonly futexWaitv: number;
  readonly getRobustList: number;
  readonly setRobustList: number;
  readonly pidfdOpen: number;
}

const SYSTEM_CALLS: Partial<Record<string, SystemCalls>> = {
  x64: { gettid: 186, futex: 202, futexWaitv: 449, getRobustList: 274, setRobustList: 273, pidfdOpen: 434 },
  arm64: { gettid: 178, futex: 98, futexWaitv: 449, getRobustList: 100, setRobustList: 99, pidfdOpen: 434 },
  ia32: { gettid: 224, futex: 422, futexWaitv: 449, getRobustList: 312, setRobustList: 311, pidfdOpen: 434 },
};

const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const EVERYBODY = 0x7fffffff;
/** struct futex_waitv: { u64 expected; u64 address; u32 flags; u32 reserved }. */
const WAITV_WORDS = 6;
const FUTEX2_SIZE_U32 = 2;
const CLOCK_MONOTONIC = 1;
/** The most that futex_waitv takes. */
export const MAXIMUM_SLEEP = 128;

const PROT_NONE = 0;
const PROT_READ = 1;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_PRIVATE = 2;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_NORESERVE = 0x4000;
const MREMAP_MAYMOVE = 1;
const MREMAP_FIXED = 2;
const POLLIN = 1;

/**
 * The system calls of the kernel of shared memory and futexes.
 *
 * `syscall` is declared anew for each shape of call, without varargs, which koffi calls twice as fast. Addresses are Numbers; memory that a call reads or
 * writes is a typed array over an ArrayBuffer made by length, which V8 keeps outside its moving heap.
 */
export class System {
  readonly files: Files;
  readonly #numbers: SystemCalls;
  readonly #call0: (number: number) => number;
  readonly #wake: (number: number, address: Address, operation: number, count: number) => number;
  readonly #wait: (number: number, address: Address, operation: number, expected: number, time: Address) => number;
  readonly #waitv: (number: number, waiters: Address, count: number, flags: number, until: Address, clock: number) => number;
  readonly #getRobustList: (number: number, thread: number, head: Float64Array, bytes: Float64Array) => number;
  readonly #setRobustList: (number: number, head: Address, bytes: number) => number;
  readonly #pidfdOpen: (number: number, process: number, flags: number) => number;
  readonly #mmap: (address: Address, bytes: number, protection: number, flags: number, descriptor: number, offset: number) => number;
  readonly #mremap: (old: Address, oldBytes: number, bytes: number, flags: number, at: Address) => number;
  readonly #munmap: (address: Address, bytes: number) => number;
  readonly #poll: (descriptors: Int32Array, count: number, timeout: number) => number;
  readonly #kill: (process: number, signal: number) => number;
  /** Lets others run. */
  readonly yield: () => number;

  readonly #time = new Int32Array(new ArrayBuffer(16));
  readonly #waiters = new Int32Array(new ArrayBuffer(MAXIMUM_SLEEP * WAITV_WORDS * 4));
  /* Of both, found once: to look at an array takes koffi an eighth of the time of a call that does not sleep. */
  readonly #timeAddress = addressOf(this.#time);
  readonly #waitersAddress = addressOf(this.#waiters);
  readonly #polled = new Int32Array(new ArrayBuffer(MAXIMUM_SLEEP * 8));

  /** `undefined` for a processor whose system calls this library does not know. */
  static bind(): System | undefined {
    const numbers = SYSTEM_CALLS[process.arch];
    const files = Files.bind();
    return numbers && files && new System(numbers, files);
  }

  private constructor(numbers: SystemCalls, files: Files) {
    this.files = files;
    this.#numbers = numbers;
    // What the process has linked already is the C library, whatever its name is.
    const library = koffi.load(null);
    this.#call0 = library.func('syscall', 'long', ['long']);
    this.#wake = library.func('syscall', 'long', ['long', 'uintptr', 'int', 'int']);
    this.#wait = library.func('syscall', 'long', ['long', 'uintptr', 'int', 'int', 'uintptr']);
    this.#waitv = library.func('syscall', 'long', ['long', 'uintptr', 'uint32', 'uint32', 'uintptr', 'int']);
    this.#getRobustList = library.func('syscall', 'long', ['long', 'int', 'void *', 'void *']);
    this.#setRobustList = library.func('syscall', 'long', ['long', 'uintptr', 'size_t']);
    this.#pidfdOpen = library.func('syscall', 'long', ['long', 'int', 'uint32']);
    this.#mmap = library.func('mmap', 'intptr', ['uintptr', 'size_t', 'int', 'int', 'int', 'long']);
    this.#mremap = library.func('mremap', 'intptr', ['uintptr', 'size_t', 'size_t', 'int', 'uintptr']);
    this.#munmap = library.func('munmap', 'int', ['uintptr', 'size_t']);
    this.#poll = library.func('poll', 'int', ['void *', 'ulong', 'int']);
    this.#kill = library.func('kill', 'int', ['int', 'int']);
    this.yield = library.func('sched_yield', 'int', []);
  }

  /** Of the last call that failed. */
  get errno(): number {
    return koffi.errno();
  }

  threadId(): number {
    return this.#call0(this.#numbers.gettid);
  }

  /** Wakes everybody who sleeps on the word. */
  wake(address: Address): void {
    this.#wake(this.#numbers.futex, address, FUTEX_WAKE, EVERYBODY);
  }

  /** Sleeps while the word has that value, at most so many ms; whether that time is up. */
  sleep(address: Address, expected: number, milliseconds: number): boolean {
    writeTime(this.#time, milliseconds);
    return this.#wait(this.#numbers.futex, address, FUTEX_WAIT, expected, this.#timeAddress) < 0 && this.errno === ETIMEDOUT;
  }

  /** Fills the n-th place of the next `sleepOnMany`. */
  prepareSleep(place: number, address: Address, expected: number): void {
    const waiters = this.#waiters;
    const at = place * WAITV_WORDS;
    waiters[at] = expected;
    waiters[at + 1] = 0;
    waiters[at + 2] = address | 0;
    waiters[at + 3] = address / 0x100000000;
    waiters[at + 4] = FUTEX2_SIZE_U32;
    waiters[at + 5] = 0;
  }

  /** Sleeps while all of the words that were prepared have their values, until that time of the monotonic clock in ms; whether it has come. `undefined` where the system cannot do it. */
  sleepOnMany(count: number, until: number): boolean | undefined {
    writeTime(this.#time, until);
    if (this.#waitv(this.#numbers.futexWaitv, this.#waitersAddress, count, 0, this.#timeAddress, CLOCK_MONOTONIC) >= 0) return false;
    // EPERM is how filters of system calls refuse what they do not know.
    const { errno } = this;
    return errno === ENOSYS || errno === EPERM ? undefined : errno === ETIMEDOUT;
  }

  /** The address of this thread's robust list head, and its length; 0 where it has none. */
  robustList(): readonly [head: Address, bytes: number] {
    const head = new Float64Array(new ArrayBuffer(8));
    const bytes = new Float64Array(new ArrayBuffer(8));
    if (this.#getRobustList(this.#numbers.getRobustList, 0, head, bytes) < 0) return [0, 0];
    return [pointerIn(head), pointerIn(bytes)];
  }

  /** Gives this thread another robust list. */
  setRobustList(head: Address, bytes: number): boolean {
    return this.#setRobustList(this.#numbers.setRobustList, head, bytes) === 0;
  }

  /** -1 on failure. */
  openProcess(processId: number): number {
    return this.#pidfdOpen(this.#numbers.pidfdOpen, processId, 0);
  }

  /** Whether a thread or process of this id exists. */
  exists(id: number): boolean {
    return this.#kill(id, 0) === 0 || this.errno !== ESRCH;
  }

  /** Sleeps until one of the descriptors is readable; whether the first of them is (the only one, mostly). */
  poll(descriptors: readonly number[], milliseconds: number): boolean {
    descriptors.forEach((descriptor, place) => {
      this.#polled[place * 2] = descriptor;
      this.#polled[place * 2 + 1] = POLLIN;
    });
    this.#poll(this.#polled, descriptors.length, Math.ceil(milliseconds));
    // pollfd: { int fd; short events; short revents }.
    return ((this.#polled[1] ?? 0) >>> 16) !== 0;
  }

  /** Blocks this thread for so many ms. */
  pause(milliseconds: number): void {
    this.#poll(this.#polled, 0, milliseconds);
  }

  /** `undefined` on failure. */
  map(descriptor: number, bytes: number, at: Address = 0): Address | undefined {
    return addressOrNone(this.#mmap(at, bytes, PROT_READ_WRITE, at === 0 ? MAP_SHARED : MAP_SHARED | MAP_FIXED, descriptor, 0));
  }

  /** Maps a file, with zeroed memory of this process's own behind it. `undefined` on failure. */
  mapWithOwn(descriptor: number, bytes: number, ownBytes: number): Address | undefined {
    const begin = addressOrNone(this.#mmap(0, bytes + ownBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    if (begin === undefined) return undefined;
    // Shared with nobody, but as shared memory it can be mapped twice.
    if (this.map(descriptor, bytes, begin) !== undefined && this.#mmap(begin + bytes, ownBytes, PROT_READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !== -1) return begin;
    this.unmap(begin, bytes + ownBytes);
    return undefined;
  }

  /** Maps shared memory of this process once more, there. Whether it is so. */
  mapTwice(address: Address, bytes: number, at: Address): boolean {
    return this.#mremap(address, 0, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, at) !== -1;
  }

  /** `undefined` on failure. */
  mapForReading(descriptor: number, bytes: number): Address | undefined {
    return addressOrNone(this.#mmap(0, bytes, PROT_READ, MAP_SHARED, descriptor, 0));
  }

  unmap(address: Address, bytes: number): void {
    this.#munmap(address, bytes);
  }
}

/** In 32 bits half of all addresses look negative, but none is -1. */
function addressOrNone(result: number): Address | undefined {
  return result === -1 ? undefined : result < 0 ? result + 0x100000000 : result;
}

/** struct timespec with 64-bit fields. */
function writeTime(memory: Int32Array, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  memory[0] = seconds;
  memory[1] = 0;
  memory[2] = (milliseconds - seconds * 1000) * 1e6;
  memory[3] = 0;
}

/** The pointer-sized number at the beginning of the memory. */
function pointerIn(memory: Float64Array): number {
  const words = new Uint32Array(memory.buffer);
  return (words[0] ?? 0) + (koffi.sizeof('void *') === 8 ? (words[1] ?? 0) * 0x100000000 : 0);
}

/** Stays what it is as long as the array lives: see `System`. */
function addressOf(memory: Int32Array): Address {
  return Number(koffi.address(memory));
}
