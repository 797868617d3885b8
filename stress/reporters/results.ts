import { writeFileSync } from 'node:fs';
import { compareDocuments } from './comparison/compare.js';
import { toComparison } from './text/comparison.js';
import type { RunEvent } from '../runner/events.js';
import { writePage } from './html/write-page.js';
import type { ScenarioReport } from '../report/scenario-report.js';
import type { KernelRun, StressDocument } from '../report/stress-document.js';
import type { StressReport } from '../report/stress-report.js';
import { toTable, toText } from './text/stress.js';

/** What a run has emitted. */
class RunResult {
  report: StressReport | undefined;
  readonly ended: ScenarioReport[] = [];

  take(event: RunEvent): void {
    if (event.type === 'report') this.report = event.report;
    else if (event.type === 'end') this.ended.push(event.report);
  }
}

/** What becomes of the document: it goes to stdout instead of tables, or besides to files. */
export interface Outputs {
  /** Whether it is printed as JSON, or the file that it is written to. */
  readonly json: boolean | string;
  /** The file that it is written to as a page. */
  readonly html?: string;
  /** Older reports, which the new one is compared with. */
  readonly compare?: readonly StressDocument[];
}

/** Prints what came of each kernel's run, and gathers it into one document. */
export class ResultReporter {
  readonly #runs: KernelRun[] = [];
  readonly #notRun: string[] = [];
  readonly #outputs: Outputs;
  #result = new RunResult();

  constructor(outputs: Outputs) {
    this.#outputs = outputs;
  }

  take(event: RunEvent): void {
    if (event.type === 'skipped') this.#notRun.push(event.line);
    else this.#result.take(event);
  }

  endRun(title: string, kernel: KernelRun['kernel'], exitCode: number): void {
    const { report, ended } = this.#result;
    this.#result = new RunResult();
    this.#runs.push({ kernel, exitCode, ...(report ?? { scenarios: ended }) });
    if (report !== undefined) this.#say(`${title}:\n${toText(report)}`);
    else this.#say(`${title}: there is no report (exit code ${exitCode})${ended.length === 0 ? '' : `; these had ended:\n${toTable(ended)}`}`);
  }

  async end(notRun: readonly string[]): Promise<void> {
    const document: StressDocument = { runs: this.#runs, notRun: [...this.#notRun, ...notRun] };
    for (const line of document.notRun) this.#say(line);
    const { json, html, compare } = this.#outputs;
    if (compare !== undefined) this.#say(toComparison(compareDocuments(compare, document)));
    const text = JSON.stringify(document, undefined, 2);
    if (json === true) console.log(text);
    else if (json !== false) writeFileSync(json, `${text}\n`);
    if (html !== undefined) await writePage(html, document);
  }

  #say(text: string): void {
    if (this.#outputs.json !== true) console.log(text);
  }
}
