/**
 * Entry point of the process whose calls end before their end, while it lives on; and of the one that looks whether others can go on meanwhile. Its parent tells it what to do, and it says when it has done so, or
 * has begun.
 */
import { runInThisContext } from 'node:vm';
import { Event, Mutex, NotOwnerError, Timer, waitAllSync } from 'waitable';

/** What the process is to do. */
export interface Request {
  readonly way: 'timeout' | 'sigint' | 'stack' | 'look';
  /** In ms, of a time-out. */
  readonly after?: number;
}

/** A run that nobody ends ends by itself, and so does a process that its parent has forgotten: it may be what the parent is waiting for. In ms. */
const LONGEST_RUN = 1000;
const LONGEST_LIFE = 60_000;
/** At the end of the stack, and on the way back. */
const DEPTHS = 500;

const mutex = Mutex.create();
const event = Event.create(undefined, { manualReset: true, initialState: true });
const timer = Timer.create();

setTimeout(() => process.exit(), LONGEST_LIFE).unref();
process.on('SIGINT', () => undefined); // one that comes when nothing runs any more
process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => {
  if (request.way === 'sigint') process.send?.('begun');
  doAs(request);
  process.send?.('done');
});

function doAs(request: Request): void {
  switch (request.way) {
    case 'look':
      useSections();
      return;
    case 'stack':
      comeToTheEndOfTheStack();
      break;
    default:
      runUntilEnded(request.way === 'sigint' ? { breakOnSigint: true, timeout: LONGEST_RUN } : { timeout: request.after ?? LONGEST_RUN });
  }
  giveUp();
}

/** All that is done under the mutex that a user's processes share. */
function useSections(): void {
  Event.create().close();
  timer.set(0);
  if (waitAllSync([mutex, event], 0).status !== 'timeout') mutex.release();
}

function runUntilEnded(options: { readonly breakOnSigint?: true; readonly timeout: number }): void {
  Reflect.set(globalThis, 'useSections', useSections);
  try {
    runInThisContext('for (;;) useSections()', options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT' && code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
  }
}

function comeToTheEndOfTheStack(): void {
  let left = DEPTHS;
  const down = (): void => {
    try {
      down();
    } catch {
      // that was the end
    }
    if (left-- <= 0) return;
    try {
      useSections();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  };
  down();
}

/** What a call that was ended had taken. */
function giveUp(): void {
  try {
    for (;;) mutex.release();
  } catch (error) {
    if (!(error instanceof NotOwnerError)) throw error;
  }
}
