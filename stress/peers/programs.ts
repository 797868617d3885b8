import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { prebuiltProgram, type PrebuiltProgram } from './prebuilt.js';

/** Where the programs of peers are. Whoever launches the stress run or the tests has prepared the machine, and says so by environment; a package brings them with it. */
export const peerPrograms = {
  get helper32(): string {
    return required('helper32');
  },
  get helper64(): string {
    return required('helper64');
  },
  get node32(): string {
    return required('node32');
  },
  /** The project as the 32-bit Node is to see it. */
  get root32(): string {
    return required('root32');
  },
  /** Stands between Nodes of different bitness under Wine, whose pipes to each other are broken; not needed on Windows. */
  get relay32(): string | undefined {
    return process.env['WAITABLE_RELAY32'];
  },
};

/** A 32-bit Node with a script, named by its path within the project, as the command by which a Node of the other bitness starts it. */
export function node32Command(script: string): [string, ...string[]] {
  const { node32, root32, relay32 } = peerPrograms;
  const node: [string, string] = [node32, `${root32}/${script}`];
  return relay32 === undefined ? node : [relay32, ...node];
}

/** A module as the 32-bit Node is to import it: one of the project from the root that this Node has of it, where it finds what it imports itself. */
export function moduleForNode32(module: URL): URL {
  const path = module.protocol === 'file:' ? relative(fileURLToPath(new URL('../../../', import.meta.url)), fileURLToPath(module)) : '..';
  return path.startsWith('..') || isAbsolute(path) ? module : pathToFileURL(join(peerPrograms.root32, path));
}

/** The DLL by which this process calls helpers over RPC and COM. Only Windows has it. */
export function clientLibrary(): string {
  return required(process.arch === 'ia32' ? 'client32' : 'client64');
}

const VARIABLES = {
  helper32: 'WAITABLE_HELPER32',
  helper64: 'WAITABLE_HELPER64',
  client32: 'WAITABLE_CLIENT32',
  client64: 'WAITABLE_CLIENT64',
  node32: 'WAITABLE_NODE32',
  root32: 'WAITABLE_ROOT32',
} as const;

type Program = keyof typeof VARIABLES;

/** Whether the machine has that program. It says by an empty variable that it has not. */
export function hasProgram(program: Program): boolean {
  return given(program) !== '';
}

function required(program: Program): string {
  const value = given(program);
  if (value === '') throw new Error(`this machine has no such program: ${VARIABLES[program]} is empty`);
  return value;
}

function given(program: Program): string {
  const variable = VARIABLES[program];
  const value = process.env[variable] ?? carried(program);
  if (value === undefined) {
    throw new Error(`${variable} is not set: start this through "npm run stress" or "npm test", which prepare the machine`);
  }
  return value;
}

/** A package has no 32-bit Node. */
function carried(program: Program): string | undefined {
  if (program === 'node32' || program === 'root32') return prebuiltProgram('helper32') === undefined ? undefined : '';
  return prebuiltProgram(program satisfies PrebuiltProgram);
}
