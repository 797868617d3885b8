import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopReport } from '../report/figures.js';

/** In ms. Every tick of the timer that measures costs something itself. */
const RESOLUTION = 10;

/** How long this thread's event loop is held up from now on. */
export class LoopDelay implements Disposable {
  readonly #monitor = monitorEventLoopDelay({ resolution: RESOLUTION });

  constructor() {
    this.#monitor.enable();
  }

  /** What is measured is the time between two ticks. */
  toReport(): LoopReport {
    const beyond = (interval: number) => Math.max(0, Math.round(interval - RESOLUTION * 1e6));
    const { max } = this.#monitor;
    return { p50: beyond(this.#monitor.percentile(50)), p99: beyond(this.#monitor.percentile(99)), max: beyond(max) };
  }

  [Symbol.dispose](): void {
    this.#monitor.disable();
  }
}
