/** The stress run itself, where the kernel is: in a Node with the machine prepared (`cli.ts` sees to both). */
import { musterOf } from './muster.js';
import { EXIT, readOptions } from './options.js';
import { Progress } from './progress.js';
import type { StressReport } from './report/stress-report.js';
import { runStress, type StressHooks } from './run-stress.js';
import { toNotes, toTable, toVitals } from './table.js';
import { toTechniqueNotes, toTechniqueTable } from './techniques/table.js';
import { toTwinNotes, toTwinTable } from './twin-table.js';

const { json, ...options } = readOptions(process.argv.slice(2));
const { contenders, missingNode32 } = musterOf(options);
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());

const progress = progressOnStderr();

try {
  const report = await runStress({ ...options, contenders, signal: interruption.signal }, progress.hooks);
  console.log(json ? JSON.stringify(report, undefined, 2) : toText(report));
  if (missingNode32 > 0) console.error(`not run: ${missingNode32} 32-bit Nodes: this machine has none (for Linux WAITABLE_LINUX_NODE32 may name one)`);
  end(report);
} catch (error) {
  progress.end(); // it has hidden the cursor
  console.error(error instanceof RangeError ? `error: ${error.message}` : error);
  process.exit(EXIT.couldNotRun);
}

function toText(report: StressReport): string {
  const { scenarios, selfTest = [], techniques = [], options: { seed, scenarios: asked }, ended } = report;
  return [
    ...(scenarios.length === 0 ? [] : [toTable(scenarios), toNotes(scenarios), toVitals(report)]),
    ...(selfTest.length === 0 ? [] : [toTwinTable(selfTest), toTwinNotes(selfTest)]),
    ...(techniques.length === 0 ? [] : [toTechniqueTable(techniques), toTechniqueNotes(techniques)]),
    ...(ended === 'in time' ? [] : [`${ended}: ${scenarios.length} of ${asked.length} scenarios were begun`]),
    `seed ${seed}`,
  ].filter(part => part !== '').join('\n');
}

function end({ passed, ended }: StressReport): void {
  process.exitCode = !passed ? EXIT.failed : ended === 'interrupted' ? EXIT.interrupted : EXIT.passed;
  // A thread that is blocked in the kernel would hold up an orderly exit: at the latest its wait's limit ends it. The other peers end with this process.
  if (ended === 'stuck') process.exit();
}

function progressOnStderr(): { hooks: StressHooks; end(): void } {
  let bar: Progress | undefined;
  const hooks: StressHooks = {
    onStart: ({ name }) => bar = new Progress(name, options.seconds),
    onProgress: ({ elapsed, operations }) => bar?.update(elapsed, operations),
    onEnd: () => bar?.end(),
    onTwin: (_, { index, count }) => {
      if (index === 0) bar = new Progress('self-test', count);
      bar?.update(index + 1, index + 1);
      if (index === count - 1) bar?.end();
    },
    onTechnique: ({ seconds }, { index, count }) => {
      if (index === 0) bar = new Progress('techniques', count * seconds);
      bar?.update((index + 1) * seconds, index + 1);
      if (index === count - 1) bar?.end();
    },
  };
  return { hooks, end: () => bar?.end() };
}
