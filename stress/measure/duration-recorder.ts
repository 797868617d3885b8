import { Durations } from './durations.js';

/** Of a double, the exponent and as much below its leading one as two significant digits need, which is where an HdrHistogram of so many digits has its buckets too. */
const DIGIT_BITS = 7;
const UPPER_BITS_BELOW = 20 - DIGIT_BITS;
/** 1 ns, and the double above 120 s with nothing but its exponent: what lies outside is told apart no more. */
const LEAST = 1;
const BEYOND = 2 ** 37;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** The upper half of a double: all machines that this runs on are little-endian. */
const UPPER = 1;

function bucketOf(value: number): number {
  double[0] = value;
  return (words[UPPER] ?? 0) >>> UPPER_BITS_BELOW;
}

function leastOf(bucket: number): number {
  words[UPPER] = bucket << UPPER_BITS_BELOW;
  words[1 - UPPER] = 0;
  return double[0] ?? 0;
}

const FIRST = bucketOf(LEAST);
const BUCKETS = bucketOf(BEYOND) - FIRST;
const HIGHEST = BEYOND - 2 ** 29;

/** Takes in how long things took while they go on, for little more than an addition: the histogram itself would take as long as a lock. */
export class DurationRecorder {
  readonly #counts = new Float64Array(BUCKETS);

  record(nanoseconds: number): void {
    const bucket = bucketOf(Math.min(HIGHEST, Math.max(LEAST, Math.round(nanoseconds)))) - FIRST;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** What was taken in by now. */
  durations(): Durations {
    const durations = new Durations();
    for (const [bucket, count] of this.#counts.entries()) {
      if (count > 0) durations.record(leastOf(bucket + FIRST), count);
    }
    return durations;
  }
}
