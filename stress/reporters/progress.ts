import { Presets, SingleBar } from '../util/libraries/cli-progress.js';
import type { RunMessage } from '../runner/events.js';
import type { RunOrder } from '../runner/run-config.js';
import { TECHNIQUE_SHARE, techniqueParts, TWIN_SHARE, twinParts } from '../runner/schedule.js';

/** How a run goes on, on stderr. */
export interface Progress {
  begin(kernel: string): void;
  take(message: RunMessage): void;
  end(): void;
}

/** A bar that is drawn in place on a terminal, lines elsewhere. */
export function progressOf(order: RunOrder, kernels: number): Progress {
  const clock = new Clock(order, kernels);
  return process.stderr.isTTY ? new Bar(clock) : new Lines(clock);
}

/** What is planned, and how much of it is left. */
class Clock {
  readonly #order: RunOrder;
  #kernelsLeft: number;
  /** Of this kernel, in seconds. */
  #left = 0;

  constructor(order: RunOrder, kernels: number) {
    this.#order = order;
    this.#kernelsLeft = kernels;
  }

  begin(): void {
    this.#kernelsLeft--;
    this.#left = this.#ofOneKernel;
  }

  take(message: RunMessage): void {
    const { scenarios: { length }, seconds, selfTest } = this.#order;
    const techniques = techniqueParts(this.#order.techniques);
    const later = twinParts(selfTest) + techniques;
    if (message.tells === 'progress') this.#left = (length - message.position.index + later) * seconds - message.elapsed;
    else if (message.tells === 'end') this.#left = (length - message.position.index - 1 + later) * seconds;
    else if (message.tells === 'twin') this.#left = ((message.position.count - message.position.index - 1) * TWIN_SHARE + techniques) * seconds;
    else if (message.tells === 'technique') this.#left = (message.position.count - message.position.index - 1) * TECHNIQUE_SHARE * seconds;
  }

  get #ofOneKernel(): number {
    const { scenarios, selfTest, techniques, seconds } = this.#order;
    return (scenarios.length + twinParts(selfTest) + techniqueParts(techniques)) * seconds;
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

  abstract take(message: RunMessage): void;
  abstract end(): void;
}

class Bar extends Shown {
  #bar: SingleBar | undefined;
  #title = '';

  override take(message: RunMessage): void {
    this.clock.take(message);
    switch (message.tells) {
      case 'progress':
        this.#draw(message.scenario, message.seconds, message.elapsed, `${message.operations.toLocaleString('en')} operations`);
        break;
      case 'twin':
        this.#draw('self-test', message.position.count, message.position.index + 1, message.report.scenario);
        break;
      case 'technique':
        this.#draw('techniques', message.position.count, message.position.index + 1, message.report.technique);
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

  override take(message: RunMessage): void {
    this.clock.take(message);
    switch (message.tells) {
      case 'start':
        this.#due = LINE_INTERVAL;
        this.#say(`${message.scenario}: begun, ${message.position.index + 1} of ${message.position.count}`);
        break;
      case 'progress':
        if (message.elapsed < this.#due) break;
        this.#due += LINE_INTERVAL;
        this.#say(`${message.scenario}: ${Math.floor(message.elapsed)} s of ${message.seconds} s, ${message.operations.toLocaleString('en')} operations`);
        break;
      case 'end':
        this.#say(`${message.report.scenario}: ${message.report.verdict}, ${message.report.operations.toLocaleString('en')} operations`);
        break;
      case 'twin':
        this.#say(`broken twin of ${message.report.scenario}: ${message.report.verdict}, ${message.position.index + 1} of ${message.position.count}`);
        break;
      case 'technique':
        this.#say(`${message.report.technique} ${message.report.direction}: ${message.report.verdict}, ${message.position.index + 1} of ${message.position.count}`);
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
