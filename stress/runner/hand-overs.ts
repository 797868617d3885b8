import { Durations } from '../measure/durations.js';
import { reportOf, type HandOverReport } from '../report/figures.js';

/** How long hand-overs took, by the bitnesses of who let go and of who came next. */
export class HandOvers {
  readonly #pairs = new Map<string, { from: number; to: number; durations: Durations }>();

  add(from: number, to: number, durations: Durations): void {
    if (durations.count === 0) return;
    const key = `${from} ${to}`;
    const pair = this.#pairs.get(key) ?? { from, to, durations: new Durations() };
    pair.durations.add(durations);
    this.#pairs.set(key, pair);
  }

  toReport(): HandOverReport[] {
    return [...this.#pairs.values()].sort((a, b) => a.from - b.from || a.to - b.to).map(({ from, to, durations }) => ({ from, to, durations: reportOf(durations) }));
  }
}
