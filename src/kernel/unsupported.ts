import type { Failure, Kernel } from './kernel.js';
import type { Processes } from './processes.js';
import { ERROR_NOT_SUPPORTED, WAIT_FAILED } from './status.js';

/**
 * The kernel of a platform that has none: every call reports `ERROR_NOT_SUPPORTED`, so that a program which only imports the library
 * still starts there, and the first create or open tells what is wrong.
 */
export class UnsupportedKernel implements Kernel {
  readonly maximumWaitObjects = 64;
  readonly takenBy = 'caller';
  readonly failure: Failure;
  readonly settings = undefined;
  readonly namespacesAreOne = false;

  constructor(platform: string) {
    this.failure = { errno: ERROR_NOT_SUPPORTED, syscall: platform };
  }

  learn() { /* nothing can be done anyway */ }
  adopt() { /* nothing is decided */ }
  createMutex() { return undefined; }
  createSemaphore() { return undefined; }
  createEvent() { return undefined; }
  createTimer() { return undefined; }
  createSection() { return undefined; }
  open() { return 0; }
  openProcess() { return 0; }
  duplicate() { return 0; }
  takeOver() { return false; }
  close() { return false; }
  kindOf() { return undefined; }
  sameObject() { return false; }
  processOf() { return undefined; }
  identify() { return undefined; }
  markOwned() { return undefined; }
  unmarkOwned() { /* there is none */ }
  releaseMutex() { return false; }
  ownedDepth() { return 0; }
  mutexOf() { return undefined; }
  releaseSemaphore() { return -1; }
  setEvent() { return false; }
  resetEvent() { return false; }
  setTimer() { return false; }
  cancelTimer() { return false; }
  wait() { return WAIT_FAILED; }
  waitMany() { return WAIT_FAILED; }
  waitAllInterruptibly() { return WAIT_FAILED; }
  watch() { return WAIT_FAILED; }
  prefer() { /* nobody waits */ }
  stopPreferring() { /* nor here */ }
  openCurrentThread() { return 0; }
  interrupt() { return false; }
  signalAndWait() { return WAIT_FAILED; }
  mapSection() { return undefined; }
}

/** Likewise. */
export class UnsupportedProcesses implements Processes {
  readonly failure: Failure;

  constructor(platform: string) {
    this.failure = { errno: ERROR_NOT_SUPPORTED, syscall: platform };
  }

  duplicateTo() { return 0; }
  duplicateFrom() { return 0; }
  inspect() { return undefined; }
  processIdOf() { return 0; }
  exitCodeOf() { return undefined; }
  bitnessOf() { return undefined; }
  launch() { return 0; }
  systemDirectory() { return undefined; }
}
