/** The stress run itself, where the kernel is: in a Node with the machine prepared (`cli.ts` sees to both). */
import { Arena, StuckError } from './arena.js';
import { Crew } from './crew.js';
import { readOptions, type StressOptions } from './options.js';
import { passed, toJson, type Outcome } from './outcome.js';
import { Progress } from './progress.js';
import { canStart, helperKind } from './peers/peer.js';
import type { TransportName } from './peers/transports/transport.js';
import type { Scenario } from './scenario.js';
import { toNotes, toTable } from './table.js';
import { vitalsOfThisProcess, type Vitals } from './vitals.js';

const FAILED = 1;
const COULD_NOT_RUN = 2;

const options = readOptions(process.argv.slice(2), canStart('node32'));

try {
  const { outcomes, vitals } = await runAll(options);
  if (options.json) {
    console.log(JSON.stringify({ transport: options.transport, scenarios: outcomes.map(toJson), vitals }, undefined, 2));
  } else {
    console.log(toTable(outcomes));
    console.log(toNotes(outcomes));
    if (options.transport !== 'pipe') console.log(`the C helpers were reached over ${options.transport.toUpperCase()}`);
    console.log(`this process, at first and after each scenario: ${list(vitals, 'handles')} handles; ${list(vitals, 'megabytes')} MiB`);
  }
  if (options.missingNode32 > 0) console.error(`not run: ${options.missingNode32} 32-bit Nodes: this machine has none (for Linux WAITABLE_LINUX_NODE32 may name one)`);
  process.exitCode = outcomes.every(passed) ? 0 : FAILED;
} catch (error) {
  console.error(error instanceof StuckError ? `FAILED ${error.message}` : error);
  // A thread that is blocked in the kernel would hold up an orderly exit: at the latest its wait's limit ends it. The other peers end with this process.
  process.exit(error instanceof StuckError ? FAILED : COULD_NOT_RUN);
}

async function runAll({ workers, helpers, node32, seconds, scenarios, transport }: StressOptions): Promise<Run> {
  await using crew = await Crew.start({ thread: workers, node32, [helperKind(32)]: helpers }, transport);
  const outcomes: Outcome[] = [];
  const vitals = [await vitalsOfThisProcess()];
  for (const scenario of scenarios) {
    outcomes.push(await runOne(scenario, seconds, crew, transport));
    vitals.push(await vitalsOfThisProcess());
  }
  return { outcomes, vitals };
}

interface Run {
  readonly outcomes: readonly Outcome[];
  /** What this process, with its worker threads, used before the first scenario and after each. */
  readonly vitals: readonly Vitals[];
}

async function runOne(scenario: Scenario, seconds: number, crew: Crew, transport: TransportName): Promise<Outcome> {
  const progress = new Progress(scenario.name, seconds);
  try {
    await using arena = await Arena.open(crew.peers, {
      scenario: scenario.name,
      control: scenario.control ?? false,
      seconds,
      transport,
      onProgress: (elapsed, operations) => progress.update(elapsed, operations),
    });
    await scenario.run(arena);
    crew.takeOver(arena.contenders);
    return arena.outcome();
  } finally {
    progress.end();
  }
}

function list(vitals: readonly Vitals[], what: keyof Vitals): string {
  return vitals.map(each => each[what]).join(', ');
}
