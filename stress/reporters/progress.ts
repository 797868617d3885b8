import { Presets, SingleBar } from '../util/libraries/cli-progress.js';
import type { RunEvent } from '../runner/events.js';
import type { RunConfig } from '../runner/run-config.js';
import { TECHNIQUE_SHARE, techniqueParts, NEGATIVE_CONTROL_SHARE, negativeControlParts } from '../runner/schedule.js';

/** How a run goes on, on stderr. */
export interface Progress {
  begin(kernel: string): void;
  take(event: RunEvent): void;
  end(): void;
}

/** A bar that is drawn in place on a terminal, lines elsewhere. */
export function progressOf(config: RunConfig, kernels: number): Progress {
  const clock = new Clock(config, kernels);
  return process.stderr.isTTY ? new Bar(clock) : new Lines(clock);
}

/** What is planned, and how much of it is left. */
class Clock {
  readonly #config: RunConfig;
  #kernelsLeft: number;
  /** Of this kernel, in seconds. */
  #left = 0;

  constructor(config: RunConfig, kernels: number) {
    this.#config = config;
    this.#kernelsLeft = kernels;
  }

  begin(): void {
    this.#kernelsLeft--;
    this.#left = this.#ofOneKernel;
  }

  take(event: RunEvent): void {
    const { scenarios: { length }, seconds, selfTest } = this.#config;
    const techniques = techniqueParts(this.#config.techniques);
    const later = negativeControlParts(selfTest) + techniques;
    if (event.type === 'progress') this.#left = (length - event.position.index + later) * seconds - event.elapsed;
    else if (event.type === 'end') this.#left = (length - event.position.index - 1 + later) * seconds;
    else if (event.type === 'negative control') this.#left = ((event.position.count - event.position.index - 1) * NEGATIVE_CONTROL_SHARE + techniques) * seconds;
    else if (event.type === 'technique') this.#left = (event.position.count - event.position.index - 1) * TECHNIQUE_SHARE * seconds;
  }

  get #ofOneKernel(): number {
    const { scenarios, selfTest, techniques, seconds } = this.#config;
    return (scenarios.length + negativeControlParts(selfTest) + techniqueParts(techniques)) * seconds;
  }

  /** Of all kernels, as a clock shows it. */
  get left(): string {
    const seconds = Math.ceil(this.#left + this.#kernelsLeft * this.#ofOneKernel);
    const twoDigits = (value: number) => String(Math.floor(value)).padStart(2, '0');
    const minutes = `${twoDigits((seconds % 3600) / 60)}:${twoDigits(seconds % 60)}`;
    return seconds < 3600 ? minutes : `${Math.floor(seconds / 3600)}:${minutes}`;
  }
}

/** What both ways to show it keep. */
abstract class Shown implements Progress {
  protected readonly clock: Clock;
  protected kernel = '';

  constructor(clock: Clock) {
    this.clock = clock;
  }

  begin(kernel: string): void {
    this.kernel = kernel;
    this.clock.begin();
  }

  abstract take(event: RunEvent): void;
  abstract end(): void;
}

class Bar extends Shown {
  #bar: SingleBar | undefined;
  #title = '';

  override take(event: RunEvent): void {
    this.clock.take(event);
    switch (event.type) {
      case 'progress':
        this.#draw(event.scenario, event.seconds, event.elapsed, `${event.operations.toLocaleString('en')} operations`);
        break;
      case 'negative control':
        this.#draw('self-test', event.position.count, event.position.index + 1, event.report.scenario);
        break;
      case 'technique':
        this.#draw('techniques', event.position.count, event.position.index + 1, event.report.technique);
        break;
      default:
        this.end();
    }
  }

  #draw(title: string, total: number, value: number, what: string): void {
    if (this.#title !== title) this.end();
    const payload = { what, left: this.clock.left };
    if (this.#bar === undefined) {
      this.#title = title;
      this.#bar = new SingleBar({
        format: `${this.kernel} ${title.padEnd(16)} {bar} {value} of {total}   {left} left   {what}`,
        stream: process.stderr,
        hideCursor: true,
        clearOnComplete: true,
        gracefulExit: false, // an interruption is not the end yet
        barsize: 24,
      }, Presets.legacy);
      this.#bar.start(total, value, payload);
    }
    this.#bar.update(Math.round(value * 10) / 10, payload);
  }

  override end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

/** Between two lines in a long scenario, in s. */
const LINE_INTERVAL = 30;

class Lines extends Shown {
  /** When in the scenario the next line is due. */
  #due = LINE_INTERVAL;

  override take(event: RunEvent): void {
    this.clock.take(event);
    switch (event.type) {
      case 'start':
        this.#due = LINE_INTERVAL;
        this.#say(`${event.scenario}: begun, ${event.position.index + 1} of ${event.position.count}`);
        break;
      case 'progress':
        if (event.elapsed < this.#due) break;
        this.#due += LINE_INTERVAL;
        this.#say(`${event.scenario}: ${Math.floor(event.elapsed)} s of ${event.seconds} s, ${event.operations.toLocaleString('en')} operations`);
        break;
      case 'end':
        this.#say(`${event.report.scenario}: ${event.report.verdict}, ${event.report.operations.toLocaleString('en')} operations`);
        break;
      case 'negative control':
        this.#say(`broken twin of ${event.report.scenario}: ${event.report.verdict}, ${event.position.index + 1} of ${event.position.count}`);
        break;
      case 'technique':
        this.#say(`${event.report.technique} ${event.report.direction}: ${event.report.verdict}, ${event.position.index + 1} of ${event.position.count}`);
        break;
    }
  }

  #say(what: string): void {
    process.stderr.write(`${this.kernel} ${what}; ${this.clock.left} left\n`);
  }

  override end(): void {
    // Each line is whole.
  }
}
