import { isDeepStrictEqual } from 'node:util';
import type { BenchmarkRun } from '../../report/benchmark-run.js';
import type { KernelRun, StressDocument } from '../../report/stress-document.js';
import type { MachineReport, OptionsReport, StressReport } from '../../report/stress-report.js';

/** Where these differ, figures do for that alone. */
const MACHINE = ['system', 'arch', 'processors', 'processor', 'node', 'waitable'] as const satisfies readonly (keyof MachineReport)[];
const OPTIONS = ['seconds', 'contenders', 'transport', 'faults'] as const satisfies readonly (keyof OptionsReport)[];
const BENCHMARK = ['arch', 'node', 'rounds', 'iterations', 'pinned'] as const satisfies readonly (keyof BenchmarkRun)[];

/** What the runs had not in common, in lines for people. */
export function differencesOfConditions(old: readonly StressDocument[], current: StressDocument): string[] {
  const lines = old.flatMap(document => [...ofRuns(document, current), ...ofBenchmarks(document, current)]);
  return [...new Set(lines)];
}

function ofRuns(old: StressDocument, current: StressDocument): string[] {
  return current.runs.flatMap(run => {
    const before = old.runs.find(({ kernel }) => kernel === run.kernel);
    if (before === undefined) return [];
    const lacking = [...(hasReport(before) ? [] : [`${run.kernel}: the older run has no report of its own (exit code ${before.exitCode})`]), ...(hasReport(run) ? [] : [`${run.kernel}: the newer run has no report of its own (exit code ${run.exitCode})`])];
    if (!hasReport(before) || !hasReport(run)) return lacking;
    return [
      ...different(run.kernel, MACHINE, before.machine, run.machine),
      ...different(run.kernel, OPTIONS, before.options, run.options),
      ...different(run.kernel, ['ended'], before, run),
    ];
  });
}

function ofBenchmarks(old: StressDocument, current: StressDocument): string[] {
  return (current.benchmarks ?? []).flatMap(run => {
    const before = old.benchmarks?.find(({ kernel }) => kernel === run.kernel);
    return before === undefined ? [] : different(`${run.kernel} benchmark`, BENCHMARK, before, run);
  });
}

function hasReport(run: KernelRun): run is KernelRun & StressReport {
  return 'machine' in run;
}

function different<Of>(where: string, keys: readonly (keyof Of & string)[], old: Of, current: Of): string[] {
  return keys.filter(key => !isDeepStrictEqual(old[key], current[key])).map(key => `${where}: ${key} ${toText(old[key])} then, ${toText(current[key])} now`);
}

function toText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value);
  return entries.length === 0 ? 'none' : entries.map(([key, each]) => `${key}=${String(each)}`).join(' ');
}
