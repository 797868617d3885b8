import { writeFileSync } from 'node:fs';
import type { RunMessage } from './messages.js';
import type { ScenarioReport } from './report/scenario-report.js';
import type { KernelRun, StressDocument } from './report/stress-document.js';
import type { StressReport } from './report/stress-report.js';
import { toTable, toText } from './table.js';

/** What a run has told. */
class Told {
  report: StressReport | undefined;
  readonly ended: ScenarioReport[] = [];

  take(message: RunMessage): void {
    if (message.tells === 'report') this.report = message.report;
    else if (message.tells === 'end') this.ended.push(message.report);
  }
}

/** Prints what came of each kernel's run, and gathers it into one document. */
export class Account {
  readonly #runs: KernelRun[] = [];
  readonly #notRun: string[] = [];
  readonly #json: boolean | string;
  #told = new Told();

  /** @param json - The document goes to stdout instead of tables, or besides to this file. */
  constructor(json: boolean | string) {
    this.#json = json;
  }

  take(message: RunMessage): void {
    if (message.tells === 'lack') this.#notRun.push(message.line);
    else this.#told.take(message);
  }

  endRun(title: string, kernel: KernelRun['kernel'], exitCode: number): void {
    const { report, ended } = this.#told;
    this.#told = new Told();
    this.#runs.push({ kernel, exitCode, ...(report ?? { scenarios: ended }) });
    if (report !== undefined) this.#say(`${title}:\n${toText(report)}`);
    else this.#say(`${title}: there is no report (exit code ${exitCode})${ended.length === 0 ? '' : `; these had ended:\n${toTable(ended)}`}`);
  }

  end(notRun: readonly string[]): void {
    const document: StressDocument = { runs: this.#runs, notRun: [...this.#notRun, ...notRun] };
    for (const line of document.notRun) this.#say(line);
    const text = JSON.stringify(document, undefined, 2);
    if (this.#json === true) console.log(text);
    else if (this.#json !== false) writeFileSync(this.#json, `${text}\n`);
  }

  #say(text: string): void {
    if (this.#json !== true) console.log(text);
  }
}
