/**
 * `npm run model`: has spin verify the models in this folder exhaustively, and find the error in each broken variant.
 *
 * Arguments choose models by name: `npm run model -- mutex`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { aptInstall } from '../../stress/machine/install/apt.js';
import { findCommand } from '../../stress/machine/command.js';
import { announce, SetupError } from '../../stress/machine/setup-error.js';
import { runs, type Run } from './runs.js';

interface Finding {
  /** What spin calls the error; undefined: it has seen all states and none is wrong. */
  readonly error: string | undefined;
  readonly states: number;
  readonly depth: number;
  readonly seconds: number;
}

const tools = ['spin', 'gcc'];
const folder = fileURLToPath(new URL('.', import.meta.url));
const modelFiles = readdirSync(folder).filter(name => name.endsWith('.pml'));
/** Each model runs so many, beside the one that kills. */
const THREADS = 3;
const PATIENCE_MS = 300_000;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main(names: readonly string[]): Promise<number> {
  await installTools();
  const chosen = names.length === 0 ? runs : runs.filter(({ model }) => names.includes(model));
  if (chosen.length === 0) throw new SetupError(`No model is called ${names.join(' or ')}. There are ${[...new Set(runs.map(({ model }) => model))].join(', ')}.`);
  const table = new Table({
    head: ['model', 'with', 'processes', 'states', 'depth', 'seconds', 'result'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  let failures = 0;
  for (const run of chosen) {
    announce(`${run.model} ${run.flags.join(' ')}`);
    const finding = verify(run);
    if (!isAsExpected(run, finding)) failures++;
    table.push([
      run.model,
      run.flags.join(' '),
      THREADS,
      finding.states.toLocaleString('en'),
      finding.depth,
      finding.seconds.toFixed(1),
      resultOf(run, finding),
    ]);
  }
  console.log(table.toString());
  console.log(failures === 0 ? 'All as it must be.' : `FAILED: ${failures} of ${chosen.length}`);
  return failures === 0 ? 0 : 1;
}

function isAsExpected({ expected }: Run, { error }: Finding): boolean {
  return expected === 'holds' ? error === undefined : error?.startsWith(expected) === true;
}

function resultOf(run: Run, finding: Finding): string {
  const { error } = finding;
  if (!isAsExpected(run, finding)) return `WRONG: ${error ?? 'no error found'}`;
  return error === undefined ? 'holds' : `caught, as it must be: ${error}`;
}

/** In a folder of its own, since spin and the verifier that it writes leave files where they run. */
function verify({ model, flags, cycles = false }: Run): Finding {
  const workplace = mkdtempSync(join(tmpdir(), 'waitable-model-'));
  try {
    for (const file of modelFiles) cpSync(join(folder, file), join(workplace, file));
    execute(workplace, 'spin', ['-a', ...flags, `${model}.pml`]);
    execute(workplace, 'gcc', ['-O2', '-w', cycles ? '-DNP' : '-DSAFETY', '-DCOLLAPSE', '-DMEMLIM=4000', '-o', 'pan', 'pan.c']);
    // -b: a search that is too shallow is an error, and not a remark.
    return read(execute(workplace, join(workplace, 'pan'), [...(cycles ? ['-l'] : []), '-m100000', '-b', '-w24']));
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
}

function execute(cwd: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: PATIENCE_MS });
  if (error !== undefined) throw new SetupError(`${command} ${args.join(' ')}\n${error.message}`);
  if (status !== 0) throw new SetupError(`${command} ${args.join(' ')}\nended with exit code ${status}\n${stdout}${stderr}`);
  return stdout;
}

function read(report: string): Finding {
  const error = /^pan:\d+: (.*?) \(at depth/m.exec(report)?.[1];
  const errors = numberIn(report, /errors: (\d+)/);
  // Without all states seen (no memory, say) a report without errors proves nothing.
  const isComplete = !report.includes('Search not completed');
  if (error === undefined && (errors > 0 || !isComplete)) throw new SetupError(`spin has not seen all states:\n${report}`);
  return {
    error,
    states: numberIn(report, /^\s*([\d.e+]+) states, stored/m),
    depth: numberIn(report, /depth reached (\d+)/),
    seconds: numberIn(report, /elapsed time ([\d.]+)/),
  };
}

function numberIn(report: string, pattern: RegExp): number {
  return Number(pattern.exec(report)?.[1] ?? 0);
}

function missing(): string[] {
  return tools.filter(tool => findCommand(tool) === undefined);
}

async function installTools(): Promise<void> {
  if (missing().length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${tools.join(' ')}`;
  const complaint = `This machine lacks ${missing().join(' and ')}.`;
  if (findCommand('apt-get') === undefined) throw new SetupError(`${complaint} Install spin (https://spinroot.com) and gcc.`);
  if (process.getuid?.() !== 0) throw new SetupError(`${complaint} Type:\nsudo ${command}`);
  announce('installing spin');
  await aptInstall(tools);
  if (missing().length > 0) throw new SetupError(`${complaint} apt has installed ${tools.join(' and ')}, and still it does.`);
}
