import type { TechniqueReport } from '../report/technique-report.js';
import { techniques } from './index.js';
import { lackOfNode32, runInNode32 } from './node32.js';
import { cutShort, notRun } from './results.js';
import { runHere } from './run-here.js';
import { otherDirection, ownDirection } from './technique-context.js';

export interface TechniquesOptions {
  /** How long each technique is used in each direction. */
  readonly seconds: number;
  /** Ends the run early. */
  readonly signal: AbortSignal;
  /** Called with each report as it comes. */
  readonly onReport?: (report: TechniqueReport) => void;
}

/** How many reports there will be. */
export const reportCount = 2 * techniques.length;

/** Uses every technique in both directions: in this Node, and in one of the other bitness. A run that was ended early gives fewer reports. */
export async function runTechniques({ seconds, signal, onReport = () => undefined }: TechniquesOptions): Promise<readonly TechniqueReport[]> {
  const reports: TechniqueReport[] = [];
  const take = (report: TechniqueReport) => {
    reports.push(report);
    onReport(report);
  };
  for (const technique of techniques) if (!signal.aborted) take(await runHere(technique, seconds, signal));
  if (!signal.aborted) await runThere(seconds, signal, take);
  return reports;
}

async function runThere(seconds: number, signal: AbortSignal, take: (report: TechniqueReport) => void): Promise<void> {
  const lack = ownDirection === '64→32' ? lackOfNode32() : 'the stress run is driven by a 32-bit Node';
  if (lack !== undefined) {
    for (const technique of techniques) take(notRun(technique, otherDirection, lack));
    return;
  }
  const taken = new Set<string>();
  const run = () => runInNode32(seconds, signal, report => {
    taken.add(report.technique);
    take(report);
  });
  let how = await run();
  // Under Wine a start may fail by chance: see steady-addresses.ts.
  if (taken.size === 0 && !signal.aborted) how = await run();
  if (signal.aborted) return;
  for (const technique of techniques) if (!taken.has(technique.name)) take(cutShort(technique, otherDirection, how));
}
