import { Presets, SingleBar } from 'cli-progress';

/** The bar of one scenario, on stderr: drawn in place on a terminal, a line every now and then elsewhere. */
export class Progress {
  readonly #bar: SingleBar;

  constructor(scenario: string, seconds: number) {
    this.#bar = new SingleBar({
      format: `${scenario.padEnd(16)} {bar} {value} s of {total} s   {operations} operations`,
      stream: process.stderr,
      noTTYOutput: true,
      notTTYSchedule: 2000,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 24,
      autopadding: true,
    }, Presets.legacy);
    this.#bar.start(seconds, 0, { operations: 0 });
  }

  update(elapsed: number, operations: number): void {
    this.#bar.update(Math.round(elapsed * 10) / 10, { operations: operations.toLocaleString('en') });
  }

  end(): void {
    this.#bar.stop();
  }
}
