import type { DurationsReport } from '../report/figures.js';
import type { ScenarioReport } from '../report/scenario-report.js';
import type { KernelRun, StressDocument } from '../report/stress-document.js';
import { noiseOf, quantile, throughputOf } from './noise.js';

/** What differs between two reports. */
export interface Comparison {
  /** Why what follows has to be taken with care: another machine, other contenders; and what only one of them has. */
  readonly remarks: readonly string[];
  readonly verdicts: readonly { readonly where: string; readonly old: string; readonly current: string }[];
  readonly changes: readonly Change[];
  /** How many figures were compared. */
  readonly compared: number;
}

/** A figure that has changed beyond the noise. */
export interface Change {
  /** The kernel and the scenario. */
  readonly where: string;
  readonly what: string;
  readonly unit: 'ns' | 'a second';
  readonly old: number;
  readonly current: number;
  /** The ratio that the change had to exceed. */
  readonly noise: number;
}

type Figure = Omit<Change, 'where' | 'noise'> & { readonly power: number };

/** The runs on each kernel, scenario by scenario. */
export function compareDocuments(old: StressDocument, current: StressDocument): Comparison {
  const remarks: string[] = [];
  const verdicts: Comparison['verdicts'][number][] = [];
  const changes: Change[] = [];
  let compared = 0;
  for (const run of current.runs) {
    const before = old.runs.find(({ kernel }) => kernel === run.kernel);
    if (before === undefined) {
      remarks.push(`${run.kernel}: the older report has no run on it`);
      continue;
    }
    remarks.push(...differences(before, run));
    for (const scenario of run.scenarios) {
      const where = `${run.kernel} ${scenario.scenario}`;
      const counterpart = before.scenarios.find(each => each.scenario === scenario.scenario);
      if (counterpart === undefined) {
        remarks.push(`${where}: not in the older report`);
        continue;
      }
      if (counterpart.verdict !== scenario.verdict) verdicts.push({ where, old: counterpart.verdict, current: scenario.verdict });
      const noise = noiseOf(counterpart, scenario);
      if (noise === undefined) {
        remarks.push(`${where}: too short to tell a change from noise`);
        continue;
      }
      const figures = figuresOf(counterpart, scenario);
      compared += figures.length;
      for (const { power, ...figure } of figures) {
        const allowed = noise ** power;
        const ratio = figure.current / figure.old;
        if (ratio > allowed || ratio < 1 / allowed) changes.push({ where, ...figure, noise: allowed });
      }
    }
    remarks.push(...before.scenarios.filter(each => !run.scenarios.some(({ scenario }) => scenario === each.scenario)).map(({ scenario }) => `${run.kernel} ${scenario}: only in the older report`));
  }
  remarks.push(...old.runs.filter(({ kernel }) => !current.runs.some(run => run.kernel === kernel)).map(({ kernel }) => `${kernel}: only in the older report`));
  return { remarks, verdicts, changes, compared };
}

function differences(old: KernelRun, current: KernelRun): string[] {
  if (!('machine' in old) || !('machine' in current)) return [`${current.kernel}: one of the runs has no report of its own`];
  const compare = (what: string, one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other) ? [] : [`${current.kernel}: ${what} ${JSON.stringify(one)} then, ${JSON.stringify(other)} now`];
  return [...compare('machine', old.machine, current.machine), ...compare('contenders', old.options.contenders, current.options.contenders), ...compare('seconds', old.options.seconds, current.options.seconds)];
}

function figuresOf(old: ScenarioReport, current: ScenarioReport): Figure[] {
  const [before, after] = [old, current].map(report => quantile(throughputOf(report), 0.5));
  const figures: Figure[] = [{ what: 'operations', unit: 'a second', old: before ?? Number.NaN, current: after ?? Number.NaN, power: 1 }];
  figures.push(...durationsOf('wait', old.waits, current.waits), ...durationsOf('hold', old.holds, current.holds));
  for (const { from, to, durations } of current.handOvers) {
    const counterpart = old.handOvers.find(pair => pair.from === from && pair.to === to);
    if (counterpart !== undefined) figures.push(...durationsOf(`hand-over ${from} → ${to}`, counterpart.durations, durations));
  }
  return figures;
}

function durationsOf(what: string, old: DurationsReport, current: DurationsReport): Figure[] {
  if (old.count === 0 || current.count === 0) return [];
  return [
    { what: `${what} p50`, unit: 'ns', old: old.p50, current: current.p50, power: 1 },
    { what: `${what} p99`, unit: 'ns', old: old.p99, current: current.p99, power: 2 },
  ];
}
