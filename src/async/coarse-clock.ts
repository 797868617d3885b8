import { setTimeout } from 'node:timers';

/** In ms. */
const TICK = 10;

/** Whole ms: V8 would make an object of each number with a fraction that is stored. */
let now = 0;
let asked = false;
let ticking: NodeJS.Timeout | undefined;

/**
 * The time as `performance.now()` counts it, to within `TICK`, or however long this thread has not come back to its event loop: good enough for the age of a lock, at a
 * hundredth of the price. It ticks only while somebody asks, and keeps no process alive.
 */
export function coarseNow(): number {
  asked = true;
  if (ticking === undefined) start();
  return now;
}

function start(): void {
  now = Math.floor(performance.now());
  ticking = setTimeout(tick, TICK).unref();
}

function tick(): void {
  if (asked) {
    asked = false;
    now = Math.floor(performance.now());
    ticking?.refresh();
  } else {
    ticking = undefined;
  }
}
