import koffi from 'koffi';
import { milliseconds } from '../../runtime.js';

/*
 * The system's clocks, the same in all processes, in ms. They are read from the C library, since whatever JavaScript has for them a test framework may have replaced.
 */

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;

/** How many readings the offset is the best of. The first ones are slow, since nothing is compiled yet; a reading in between which the thread was preempted is far off. */
const READINGS = 10;

type ClockGettime = (clock: number, time: Int32Array) => number;

let clockGettime: ClockGettime | undefined;
const time = new Int32Array(new ArrayBuffer(16));
/** How far the monotonic clock is ahead of `milliseconds()`, which counts by the same clock at half of the price; `NaN` until somebody asks. */
let ahead = NaN;

function read(clock: number): number {
  clockGettime ??= koffi.load(null).func('clock_gettime', 'int', ['int', 'void *']) as ClockGettime;
  clockGettime(clock, time);
  // struct timespec has two longs.
  const [first = 0, second = 0, third = 0] = time;
  return koffi.sizeof('long') === 8 ? ((first >>> 0) + second * 0x100000000) * 1000 + third / 1e6 : first * 1000 + second / 1e6;
}

/** The monotonic clock. */
export function now(): number {
  if (Number.isNaN(ahead)) ahead = measure();
  return ahead + milliseconds();
}

/** From the reading that took least time, in the middle of which the system's clock was read. */
function measure(): number {
  let offset = 0;
  let shortest = Infinity;
  for (let reading = 0; reading < READINGS; reading++) {
    const before = milliseconds();
    const between = read(CLOCK_MONOTONIC);
    const after = milliseconds();
    if (after - before >= shortest) continue;
    shortest = after - before;
    offset = between - (before + after) / 2;
  }
  return offset;
}

/** Since 1970. */
export function wallClock(): number {
  return read(CLOCK_REALTIME);
}
