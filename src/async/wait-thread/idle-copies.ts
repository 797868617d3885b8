import { registry } from '../../registry.js';

/**
 * So many copies of the library in one JavaScript thread may have wait threads with nothing to do; the others' end at once.
 * A test runner that resets its modules leaves a copy behind with each file, and each would leave such threads for a while.
 */
const KEPT = 3;

/**
 * This copy has a wait thread that has just come to have nothing to do.
 *
 * @param endIdle - Of this copy, always the same: ends those of its wait threads that have nothing to do. Another copy may
 * call it whenever it comes to the same: a thread that has been chosen for a wait has to have it before other copies' code runs.
 */
export function hasIdleThread(endIdle: () => void): void {
  const copies = registry.idle ??= new Set();
  copies.delete(endIdle);
  copies.add(endIdle);
  for (const longest of copies) {
    if (copies.size <= KEPT) return;
    copies.delete(longest);
    try {
      longest();
    } catch {
      // What its realm had may be gone. Its threads end with this one at the latest.
    }
  }
}

/** This copy has no wait threads any more, and is not to be kept alive. */
export function hasNoThreads(endIdle: () => void): void {
  registry.idle?.delete(endIdle);
}
