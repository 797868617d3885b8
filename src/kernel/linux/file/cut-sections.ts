import { startTimer } from '../../runtime.js';
import type { RobustList } from '../system/robust-list.js';

/** In ms: as soon as the event loop goes on. */
const SOON = 1;

/** Places on the stack that a section needs at most, of a pointer each. */
const SHORT_SECTION = 512;
const LONG_SECTION = 1024;

/** A namespace mutex, as this thread sees it. */
interface SectionMutex {
  readonly ownedByThisThread: boolean;
  /** Leaves it as the thread's death would. */
  abandon(): void;
}

/**
 * Sections under a namespace mutex that have ended before their end, while their thread lives on. Two things do so to JavaScript: a termination (the `timeout` and `breakOnSigint` of `node:vm`, Ctrl-C in the
 * REPL, DevTools' stop), which runs no `finally`; and the end of the stack, whose RangeError somebody catches.
 *
 * Sections of one file do not nest, so a thread that has its mutex where none can be running has lost it in such a way. It leaves the mutex as its death would, with WAIT_ALL and CHANGING as they are, and the
 * next holder repairs what was half done: see `repair.ts`.
 *
 * | the mutex is     | a section is     | state   | left by |
 * |------------------|------------------|---------|---------|
 * | not this thread's | not running     | outside | `expect`, then the take: inside |
 * | this thread's    | on the stack     | inside  | its end, or a FileFailure, which leaves all whole: outside. Another error: abandoned. A termination: cut |
 * | this thread's    | no more          | cut     | the thread's next section, its next sleep, or the timer: abandoned |
 *
 * | cut                                        | left                                       | mended by |
 * |--------------------------------------------|--------------------------------------------|-----------|
 * | between the take's CAS and the link        | the mutex is this thread's, not in its list | `abandon`, which takes it out of the list if it is there |
 * | between the list's head and its neighbours | a foreign entry with a wrong previous one  | `mendAfterCut` of the list, which also counts anew |
 * | between unlink and the exchange to 0       | the same as the first                      | the same |
 * | a wait-all, between a mutex's link and its word; the making of a mutex that is to be owned | in the list a mutex that is marked, or is none yet | `dropWhatIsNotOf` of the list |
 * | between the exchange and the wake          | free, sleepers asleep                      | the sleepers' longest sleep |
 */
export class CutSections {
  readonly #thread: number;
  readonly #mutexes: SectionMutex[] = [];
  #list: RobustList | undefined;
  #timer: NodeJS.Timeout | undefined;
  #expected = false;

  /** @param thread - The id of the calling one. */
  constructor(thread: number) {
    this.#thread = thread;
  }

  /** A file's, in which this thread takes part from now on, with its one robust list. */
  add(mutex: SectionMutex, list: RobustList): void {
    this.#list = list;
    this.#mutexes.push(mutex);
  }

  /**
   * A section is about to begin: looks after it in the next turn of the event loop. The timer keeps no process alive: with the thread all that it has is left behind anyway.
   *
   * @param long - Whether it may have to make room for more objects, and files.
   * @throws RangeError if there is not enough stack for the section, before anything has begun.
   */
  expect(long: boolean): void {
    requireStack(long ? LONG_SECTION : SHORT_SECTION);
    if (this.#expected) return;
    if (this.#timer === undefined) this.#timer = startTimer(this.#look, SOON).unref();
    else this.#timer.refresh();
    this.#expected = true;
  }

  readonly #look = (): void => {
    this.#expected = false;
    this.mend();
  };

  /** Where no section of any file is running. */
  mend(): void {
    for (const mutex of this.#mutexes) this.leave(mutex);
  }

  /** Where no section under this mutex is running. */
  leave(mutex: SectionMutex): void {
    if (!mutex.ownedByThisThread) return;
    // While nobody else can come to what the section has marked, or was making.
    this.#list?.dropWhatIsNotOf(this.#thread);
    mutex.abandon();
    this.#list?.mendAfterCut();
  }
}

const PLACES = [SHORT_SECTION, LONG_SECTION].map(places => Array.from({ length: places }, () => 0));

/** Puts so many arguments on the stack, which takes no longer than a few calls of functions. */
function requireStack(places: number): void {
  Reflect.apply(nothing, undefined, PLACES[places === SHORT_SECTION ? 0 : 1] ?? []);
}

function nothing(): void {
  // What is needed is the room for the arguments.
}
