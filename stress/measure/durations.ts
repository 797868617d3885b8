import { decodeFromCompressedBase64, encodeIntoCompressedBase64, Int32Histogram, JsHistogram } from '../util/libraries/hdr-histogram.js';

const HIGHEST = 120e9;
const SIGNIFICANT_DIGITS = 2;

/** How long waits, or other things, took: in ns, to two significant digits. */
export class Durations {
  readonly #histogram = new Int32Histogram(1, HIGHEST, SIGNIFICANT_DIGITS);

  record(nanoseconds: number, count = 1): void {
    this.#histogram.recordValueWithCount(Math.min(HIGHEST, Math.max(1, Math.round(nanoseconds))), count);
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** In ns. */
  percentile(percentile: number): number {
    return this.#histogram.getValueAtPercentile(percentile);
  }

  /** In ns. */
  get maximum(): number {
    return this.#histogram.maxValue;
  }

  add(other: Durations): void {
    this.#histogram.add(other.#histogram);
  }

  /** The protocol's field: `<nanoseconds>:<count>,…`, or `-` for none. */
  toField(): string {
    if (this.count === 0) return '-';
    const pairs: string[] = [];
    const values = this.#histogram.recordedValuesIterator;
    values.reset();
    while (values.hasNext()) {
      const { valueIteratedTo, countAddedInThisIterationStep } = values.next();
      pairs.push(`${valueIteratedTo}:${countAddedInThisIterationStep}`);
    }
    return pairs.join(',');
  }

  static fromField(field: string): Durations {
    const durations = new Durations();
    if (field === '-') return durations;
    for (const pair of field.split(',')) {
      const [value, count] = pair.split(':').map(Number);
      if (value === undefined || count === undefined || !(value >= 0) || !(count > 0)) throw new Error(`no histogram of durations: ${pair}`);
      durations.record(value, count);
    }
    return durations;
  }

  /** All of them, in the format that the HdrHistograms of all languages read: V2, compressed, base64. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  static decode(text: string): Durations {
    const durations = new Durations();
    const decoded = decodeFromCompressedBase64(text);
    if (!(decoded instanceof JsHistogram)) throw new TypeError('a histogram in WebAssembly was decoded, which nobody here asks for');
    durations.#histogram.add(decoded);
    return durations;
  }
}
