import { milliseconds, startTimer } from '../kernel/runtime.js';

/** In ms. */
const TICK = 10;
/** So often it finds out whether anybody still asks. */
const TICKS_BETWEEN_ROLL_CALLS = 100;

/** Whole ms: V8 would make an object of each number with a fraction that is stored. 0 after a roll call, until somebody asks. */
let now = 0;
let ticks = 0;
let ticking: NodeJS.Timeout | undefined;

/**
 * The time as `milliseconds()` counts it, to within `TICK`, or however long this thread has not come back to its event loop: good enough for the age of a lock, at a
 * hundredth of the price. It ticks only while somebody asks, and keeps no process alive.
 */
export function coarseNow(): number {
  return now === 0 ? begin() : now;
}

function begin(): number {
  ticking ??= startTimer(tick, TICK).unref();
  return now = Math.max(1, Math.floor(milliseconds()));
}

function tick(): void {
  if (now === 0) {
    ticking = undefined;
    return;
  }
  now = ++ticks % TICKS_BETWEEN_ROLL_CALLS === 0 ? 0 : Math.floor(milliseconds());
  ticking?.refresh();
}
