import { PROGRESS, type Board } from '../peers/board.js';
import type { TimelineReport } from '../report/scenario-report.js';

/** Beyond so many samples every other one is dropped, and only every other one is taken from then on. */
const MOST_SAMPLES = 4096;

/** How many operations the contenders have done, over time. */
export class Timeline {
  readonly #board: Board;
  readonly #began = performance.now();
  /** The entries at PROGRESS when they were last read. They wrap; what is added up here does not. */
  readonly #seen: number[];
  readonly #totals: number[];
  readonly #times: number[] = [];
  readonly #operations: number[][];
  #calls = 0;
  /** One call in so many is kept. */
  #stride = 1;

  constructor(board: Board, contenders: number) {
    const each = () => Array.from({ length: contenders }, () => 0);
    this.#board = board;
    this.#seen = each();
    this.#totals = each();
    this.#operations = this.#totals.map(() => []);
  }

  /** In ms since the beginning. */
  get now(): number {
    return performance.now() - this.#began;
  }

  /** Has to be called before an entry can have wrapped, and once more, that is half a minute at the very least. */
  sample(): void {
    this.#read();
    if (this.#calls++ % this.#stride !== 0) return;
    this.#times.push(Math.round(this.now));
    this.#operations.forEach((line, contender) => line.push(this.#totals[contender] ?? 0));
    if (this.#times.length > MOST_SAMPLES) this.#thinOut();
  }

  #read(): void {
    this.#totals.forEach((total, contender) => {
      const entry = this.#board.load(PROGRESS + contender);
      this.#totals[contender] = total + ((entry - (this.#seen[contender] ?? 0)) >>> 0);
      this.#seen[contender] = entry;
    });
  }

  #thinOut(): void {
    for (const line of [this.#times, ...this.#operations]) {
      const kept = line.filter((_, index) => index % 2 === 0);
      line.splice(0, line.length, ...kept);
    }
    this.#stride *= 2;
  }

  /** Up to this moment. */
  totals(): readonly number[] {
    this.#read();
    return this.#totals;
  }

  toReport(): TimelineReport {
    return { at: this.#times, operations: this.#operations };
  }
}
