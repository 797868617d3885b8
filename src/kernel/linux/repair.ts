import { ALL_ONES, BUSY, COUNT, HEADER, KIND_AUTO_EVENT, KIND_AUTO_TIMER, KIND_MUTEX, KIND_SEMAPHORE, MUTEX_WAITERS, OBJECT, OWNER, OWNER_DIED, TAKING } from './file/layout.js';
import { wakeEverybody } from './sleep/wake.js';
import type { View } from './file/view.js';
import type { ClientTable } from './tables/client-table.js';
import type { HandleTable } from './tables/handle-table.js';
import type { ObjectTable } from './tables/object-table.js';
import { consumeTimer } from './objects/timer.js';

/** What is repaired. */
interface Repairable extends View {
  readonly clients: ClientTable;
  readonly handleTable: HandleTable;
  readonly objectTable: ObjectTable;
}

/**
 * Mends what a thread left that died while it held the namespace mutex. Called by the next holder, before anything else; if that one dies too, by the one after it: every step may be
 * done twice.
 *
 * | the dead thread was in                    | left                                             | here |
 * |-------------------------------------------|--------------------------------------------------|------|
 * | a wait-all, marking or unmarking          | some objects marked, WAIT_ALL is MARKING         | unmarked: it took nothing |
 * | a wait-all, taking                        | some taken, some marked, WAIT_ALL is TAKING      | the rest is taken for it: nobody has seen a part. Its mutexes are abandoned, by the kernel or here |
 * | create, open, close, reap                 | an object without a reference, a reference without a count, lists half changed; CHANGING is 1 | rebuilt |
 * | a timer's set                             | the timer stopped                                | nothing |
 */
export function repair(session: Repairable): void {
  const { words } = session;
  const waitAll = words[HEADER.WAIT_ALL];
  if (waitAll !== 0) {
    session.objectTable.eachObject(at => {
      if (settle(session, at, words[at + OBJECT.KIND] ?? 0, waitAll === TAKING)) wakeEverybody(session, at);
    });
    Atomics.store(words, HEADER.WAIT_ALL, 0);
  }
  if (words[HEADER.CHANGING] !== 0) {
    rebuild(session);
    Atomics.store(words, HEADER.CHANGING, 0);
  }
  Atomics.add(words, HEADER.REPAIRS, 1);
}

/** Makes buckets, chains, free lists and counts anew from what counts. References to nothing are dropped, and objects that nobody refers to. */
function rebuild({ objectTable, handleTable, clients }: Repairable): void {
  objectTable.forgetDerived();
  handleTable.recount(clients);
  handleTable.rebuildFreeList();
  objectTable.rebuildDerived();
}

/** Ends the mark of an object; whether it had one. */
function settle({ words, doubles }: View, at: number, kind: number, taking: boolean): boolean {
  for (;;) {
    const word = Atomics.load(words, at);
    if (!(kind === KIND_MUTEX ? (word & OWNER) === ALL_ONES : word < 0)) return false;
    if (kind === KIND_AUTO_TIMER && taking) {
      consumeTimer(words, doubles, at);
      return true;
    }
    if (Atomics.compareExchange(words, at, word, settled(word, kind, taking)) === word) return true;
  }
}

function settled(word: number, kind: number, taking: boolean): number {
  switch (kind) {
    case KIND_MUTEX:
      return taking ? (word & MUTEX_WAITERS) | OWNER_DIED : word & ~OWNER;
    case KIND_SEMAPHORE:
      return taking ? (word & COUNT) - 1 : word & COUNT;
    case KIND_AUTO_EVENT:
      // Set again while it was marked: it is set either way.
      return taking ? (word & COUNT) - 1 : Math.min(word & COUNT, 1);
    default:
      return word & ~BUSY;
  }
}
