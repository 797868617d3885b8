import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { everythingRequired } from '../kernels.js';
import { npmCi, stampOfLock } from './npm-ci.js';
import { cache, projectRoot, sources } from '../paths.js';
import { announce, SetupError } from '../setup-error.js';
import { carryOut, type SetupStep } from '../setup-steps.js';
import { isCurrent, makeFolder } from '../stamped-folder.js';

/** A program for this Linux that runs JavaScript as Node does. */
export interface Runtime {
  readonly name: string;
  readonly program: string;
  /** Before the script that it is to run. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Runtimes {
  readonly runtimes: readonly Runtime[];
  /** A line for those that this machine does not have, without what to say before it. */
  readonly lacking: readonly string[];
}

/**
 * In every process, those that a test starts too. WAITABLE_TEST_NODE_OPTIONS is for tests that give a program's variables
 * anew.
 */
const inForeground = `--require=${join(projectRoot, 'dist/stress/peers/compile-in-foreground.js')}`;
const IN_FOREGROUND = { NODE_OPTIONS: inForeground, WAITABLE_TEST_NODE_OPTIONS: inForeground };

/** Of Node, the first of each line that `engines` of package.json lets in, or its last where it lets in all of them. */
const kinds: readonly Runtime[] = [
  { name: 'node-20.19', program: 'node-20/bin/node', args: [], env: {} },
  { name: 'node-22.12', program: 'node-22/bin/node', args: [], env: {} },
  { name: 'node-24', program: 'node-24/bin/node', args: [], env: IN_FOREGROUND },
  { name: 'node-26', program: 'node-26/bin/node', args: [], env: IN_FOREGROUND },
  // --bun: what a script starts by the name of node is Bun as well.
  { name: 'bun', program: '@oven/bun-linux-x64-baseline/bin/bun', args: ['--bun'], env: {} },
  {
    name: 'deno', program: '@deno/linux-x64-glibc/deno', args: ['run', '--allow-all', '--node-modules-dir=manual'],
    env: { DENO_DIR: join(cache.runtimes, 'deno-cache'), DENO_NO_UPDATE_CHECK: '1' },
  },
];

export const RUNTIME_NAMES = kinds.map(({ name }) => name);

/** Runtimes other than this Node, as npm packages carry them: there are none of them for ia32. */
export async function prepareRuntimes(names: readonly string[] = RUNTIME_NAMES): Promise<Runtimes> {
  const wanted = kinds.filter(({ name }) => names.includes(name));
  if (process.arch !== 'x64' || wanted.length === 0) return { runtimes: [], lacking: wanted.map(({ name }) => `${name}: fetched for x64 alone`) };
  try {
    await carryOut([runtimesStep]);
  } catch (error) {
    if (!(error instanceof SetupError) || everythingRequired()) throw error;
    return { runtimes: [], lacking: [`${names.join(', ')}: npm could not fetch them (log: ${cache.log('npm')})`] };
  }
  return { runtimes: wanted.map(kind => ({ ...kind, program: programOf(cache.runtimes, kind) })), lacking: [] };
}

const runtimesStep: SetupStep = {
  isDone: () => isCurrent(cache.runtimes, stampOfLock(sources.runtimes)),
  async perform() {
    announce('fetching other runtimes, some seconds: four Nodes, Bun, and Deno');
    await makeFolder(cache.runtimes, stampOfLock(sources.runtimes), async folder => {
      await npmCi(sources.runtimes, folder, { os: 'linux', cpu: 'x64' });
      // The packages are optional ones, and npm leaves out in silence what it takes to be for another machine.
      const lacking = kinds.filter(kind => !existsSync(programOf(folder, kind)));
      if (lacking.length > 0) throw new SetupError(`npm has left out ${lacking.map(({ name }) => name).join(', ')} (log: ${cache.log('npm')}).`);
    });
  },
};

function programOf(folder: string, { program }: Runtime): string {
  return join(folder, 'node_modules', program);
}
