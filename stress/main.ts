/** The stress run itself, where the kernel is: in a Node with the machine prepared (`cli.ts` sees to both). */
import { Arena, StuckError } from './arena.js';
import { Crew } from './crew.js';
import { readOptions, type StressOptions } from './options.js';
import { passed, toJson, type Outcome } from './outcome.js';
import { Progress } from './progress.js';
import { canStart, helperKind } from './peers/peer.js';
import type { Scenario } from './scenario.js';
import { toNotes, toTable } from './table.js';
import type { Cell } from './techniques/cell.js';
import { cellCount, runTechniques } from './techniques/run-techniques.js';
import { toTechniqueNotes, toTechniqueTable } from './techniques/table.js';
import { vitalsOfThisProcess, type Vitals } from './vitals.js';

const FAILED = 1;
const COULD_NOT_RUN = 2;

/** Of the time of a scenario, for each technique in each direction: they are many, and each is a small matter. */
const TECHNIQUE_SHARE = 1 / 5;

const options = readOptions(process.argv.slice(2), canStart('node32'));

try {
  const { outcomes, vitals } = await runAll(options);
  const cells = options.techniques ? await runAllTechniques(options) : [];
  if (options.json) {
    console.log(JSON.stringify({ scenarios: outcomes.map(toJson), vitals, techniques: cells }, undefined, 2));
  } else {
    if (outcomes.length > 0) {
      console.log(toTable(outcomes));
      console.log(toNotes(outcomes));
      console.log(`this process, at first and after each scenario: ${list(vitals, 'handles')} handles; ${list(vitals, 'megabytes')} MiB`);
    }
    if (cells.length > 0) console.log(`${toTechniqueTable(cells)}\n${toTechniqueNotes(cells)}`);
  }
  if (options.missingNode32 > 0) console.error(`not run: ${options.missingNode32} 32-bit Nodes: this machine has none (for Linux WAITABLE_LINUX_NODE32 may name one)`);
  process.exitCode = outcomes.every(passed) && cells.every(cell => cell.passed !== false) ? 0 : FAILED;
} catch (error) {
  console.error(error instanceof StuckError ? `FAILED ${error.message}` : error);
  // A thread that is blocked in the kernel would hold up an orderly exit: at the latest its wait's limit ends it. The other peers end with this process.
  process.exit(error instanceof StuckError ? FAILED : COULD_NOT_RUN);
}

async function runAll({ workers, helpers, node32, seconds, scenarios }: StressOptions): Promise<Run> {
  if (scenarios.length === 0) return { outcomes: [], vitals: [] };
  await using crew = await Crew.start({ thread: workers, node32, [helperKind(32)]: helpers });
  const outcomes: Outcome[] = [];
  const vitals = [await vitalsOfThisProcess()];
  for (const scenario of scenarios) {
    outcomes.push(await runOne(scenario, seconds, crew));
    vitals.push(await vitalsOfThisProcess());
  }
  return { outcomes, vitals };
}

interface Run {
  readonly outcomes: readonly Outcome[];
  /** What this process, with its worker threads, used before the first scenario and after each. */
  readonly vitals: readonly Vitals[];
}

async function runOne(scenario: Scenario, seconds: number, crew: Crew): Promise<Outcome> {
  const progress = new Progress(scenario.name, seconds);
  try {
    await using arena = await Arena.open(crew.peers, {
      scenario: scenario.name,
      control: scenario.control ?? false,
      seconds,
      onProgress: (elapsed, operations) => progress.update(elapsed, operations),
    });
    await scenario.run(arena);
    crew.takeOver(arena.contenders);
    return arena.outcome();
  } finally {
    progress.end();
  }
}

async function runAllTechniques({ seconds }: StressOptions): Promise<readonly Cell[]> {
  const each = seconds * TECHNIQUE_SHARE;
  const progress = new Progress('techniques', each * cellCount);
  let [done, operations] = [0, 0];
  try {
    return await runTechniques(each, cell => progress.update(each * ++done, operations += cell.operations));
  } finally {
    progress.end();
  }
}

function list(vitals: readonly Vitals[], what: keyof Vitals): string {
  return vitals.map(each => each[what]).join(', ');
}
