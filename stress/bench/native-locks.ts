import { closeSync, constants, ftruncateSync, openSync } from 'node:fs';
import koffi from 'koffi';

/** Locks between processes that Linux offers without this library, through koffi with nothing in between: peers to compare with. Each is known by a file. */
export interface NativeLock {
  take(): void;
  release(): void;
}

const LOCK_EX = 2;
const LOCK_UN = 8;

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const PAGE = 4096;
const FAILED = -1;

const PTHREAD_PROCESS_SHARED = 1;
const PTHREAD_MUTEX_RECURSIVE = 1;
const PTHREAD_MUTEX_ROBUST = 1;
/** More than any `pthread_mutexattr_t` has. */
const ATTRIBUTE_BYTES = 64;

/** A lock of a file's own open description, which goes with its process. */
export function fileLock(file: string): NativeLock {
  const flock = koffi.load(null).func('flock', 'int', ['int', 'int']) as (descriptor: number, operation: number) => number;
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT);
  return {
    take() {
      if (flock(descriptor, LOCK_EX) !== 0) throw new Error('flock did not lock');
    },
    release() {
      flock(descriptor, LOCK_UN);
    },
  };
}

/** What comes nearest to a Win32 mutex: recursive, between processes, and told of an owner's death. Lives in a file in memory that is mapped by all. */
export function robustMutex(file: string): NativeLock {
  const library = koffi.load(null);
  const lock = library.func('pthread_mutex_lock', 'int', ['uintptr']) as (mutex: number) => number;
  const unlock = library.func('pthread_mutex_unlock', 'int', ['uintptr']) as (mutex: number) => number;
  const mutex = mapFile(file);
  return {
    take() {
      if (lock(mutex) !== 0) throw new Error('pthread_mutex_lock did not lock');
    },
    release() {
      unlock(mutex);
    },
  };
}

/** Makes the mutex that `robustMutex` opens. */
export function makeRobustMutex(file: string): void {
  const library = koffi.load(null);
  const attribute = new Uint8Array(new ArrayBuffer(ATTRIBUTE_BYTES));
  const setting = (name: string) => library.func(name, 'int', ['void *', 'int']) as (attribute: Uint8Array, value: number) => number;
  const begin = library.func('pthread_mutexattr_init', 'int', ['void *']) as (attribute: Uint8Array) => number;
  const make = library.func('pthread_mutex_init', 'int', ['uintptr', 'void *']) as (mutex: number, attribute: Uint8Array) => number;
  const results = [
    begin(attribute),
    setting('pthread_mutexattr_settype')(attribute, PTHREAD_MUTEX_RECURSIVE),
    setting('pthread_mutexattr_setpshared')(attribute, PTHREAD_PROCESS_SHARED),
    setting('pthread_mutexattr_setrobust')(attribute, PTHREAD_MUTEX_ROBUST),
    make(mapFile(file), attribute),
  ];
  if (results.some(result => result !== 0)) throw new Error(`no robust mutex could be made: ${results.join(', ')}`);
}

function mapFile(file: string): number {
  const mmap = koffi.load(null).func('mmap', 'intptr', ['uintptr', 'size_t', 'int', 'int', 'int', 'long']) as
    (address: number, bytes: number, protection: number, flags: number, descriptor: number, offset: number) => number;
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT);
  try {
    ftruncateSync(descriptor, PAGE);
    const address = mmap(0, PAGE, PROT_READ_WRITE, MAP_SHARED, descriptor, 0);
    if (address === FAILED) throw new Error(`${file} cannot be mapped`);
    return address;
  } finally {
    closeSync(descriptor);
  }
}

/** What no lock can be quicker than, and nobody can wait for: one word from 0 to 1 and back. */
export function compareExchangePair(): NativeLock {
  const word = new Int32Array(new SharedArrayBuffer(4));
  return {
    take() {
      if (Atomics.compareExchange(word, 0, 0, 1) !== 0) throw new Error('the word is not free');
    },
    release() {
      Atomics.compareExchange(word, 0, 1, 0);
    },
  };
}
