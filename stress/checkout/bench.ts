/** `npm run bench`: prepares the machines, has the benchmark take place where the kernels are, and prints what it measures as it comes. */
import { addToReport, reportIn } from '../bench/add-to-report.js';
import { readBenchOptions } from '../bench/options.js';
import { toTables } from '../reporters/text/benchmarks.js';
import { EXIT } from '../util/exit-codes.js';
import { launchForLines } from './launch-for-lines.js';
import { kernelTitles } from '../machine/kernels.js';
import { runOnMachines } from '../machine/run-on-machines.js';
import type { BenchmarkRun } from '../report/benchmark-run.js';
import { NoReportError } from '../report/read-document.js';

const args = process.argv.slice(2);
const { arch, json, kernel, pin, into, quick } = readBenchOptions(args);
const say = (text: string) => json || text === '' || console.log(text);
try {
  if (into !== undefined) reportIn(into); // what cannot be added to is refused before anything slow
  const runs: Pick<BenchmarkRun, 'kernel' | 'exitCode'>[] = [];
  const { exitCode, notRun } = await runOnMachines(async machine => {
    say(`${kernelTitles[machine.kernel]}:`);
    let told: Partial<BenchmarkRun> = {};
    const exitCode = await launchForLines(machine, arch, 'dist/stress/bench/main.js', [...args, '--kernel', machine.kernel], line => {
      const more = JSON.parse(line) as Partial<BenchmarkRun>;
      told = { ...told, ...more };
      say(toTables(more));
    });
    const run = { kernel: machine.kernel, exitCode, pinned: pin && process.platform === 'linux', ...told };
    runs.push(run);
    if (hasBegun(run)) {
      say(`medians of ${run.rounds} rounds of ${run.iterations.toLocaleString('en')} operations each, in turn, unless a table says otherwise; ${run.arch}, Node ${run.node}, ${run.pinned ? 'pinned' : 'not pinned'}${quick ? '; with so few of them the figures say little' : ''}`);
      if (into !== undefined) addToReport(into, run);
    }
    return exitCode;
  }, { kernel, pin });
  if (json) console.log(JSON.stringify({ runs, notRun }, undefined, 2));
  for (const line of notRun) say(line);
  if (into !== undefined && runs.some(hasBegun)) say(`the figures are in ${into} too`);
  process.exitCode = exitCode;
} catch (error) {
  if (!(error instanceof NoReportError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = EXIT.couldNotRun;
}

/** A run that could not take place has told nothing. */
function hasBegun(run: object): run is BenchmarkRun {
  return 'arch' in run;
}
