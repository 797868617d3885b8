import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Architecture } from '../architecture.js';
import { firstLineOf } from '../command.js';
import type { LaunchOptions } from '../launch-options.js';
import { prepareHelpers } from './linux-helpers.js';
import type { Machine } from '../machine.js';
import { cache, projectRoot } from '../paths.js';
import { runProgram } from '../run-program.js';
import { SetupError } from '../setup-error.js';
import { carryOut } from '../setup-steps.js';
import { refreshStagingRoot, stagingRootStep } from '../staging-root.js';

/** Names an ia32 Node for Linux. There are no official ones any more, so none is fetched. */
const NODE32 = 'WAITABLE_LINUX_NODE32';

/** This Linux itself: this very Node, with the project where it is. Needs no root. */
export async function prepareLinuxMachine(): Promise<Machine> {
  const native = nativeBitness();
  const node32 = findNode32();
  const { helpers, lacking } = await prepareHelpers();
  if (node32 !== '') {
    await carryOut([stagingRootStep('linux', 'ia32')]);
    refreshStagingRoot('linux', 'ia32');
  }

  const environment = {
    WAITABLE_HELPER32: helpers.ia32,
    WAITABLE_HELPER64: helpers.x64,
    WAITABLE_NODE32: node32,
    WAITABLE_ROOT32: node32 === '' ? '' : cache.stagingRoot('linux', 'ia32'),
  };
  const program = (file: string, args: readonly string[] = [], options: LaunchOptions = {}) =>
    runProgram(file, args, { ...options, env: { ...environment, ...options.env } });
  const nodes: Partial<Record<Architecture, { readonly node: string; readonly root: string }>> = {
    ...(node32 === '' ? {} : { ia32: { node: node32, root: cache.stagingRoot('linux', 'ia32') } }),
    [native]: { node: process.execPath, root: projectRoot },
  };
  const nodeFor = (architecture: Architecture) => {
    const found = nodes[architecture];
    if (found === undefined) throw new SetupError(`There is no ${architecture} Node for Linux here; ${NODE32} may name one for ia32.`);
    return found;
  };

  return {
    kernel: 'linux',
    architectures: Object.keys(nodes) as Architecture[],
    driver: native,
    lacking,
    description: {
      kernel: firstLineOf('uname', ['-sr']) ?? '?',
      ...Object.fromEntries(Object.entries(nodes).map(([architecture, { node }]) => [`${architecture} Node`, node])),
    },
    environment,
    program,
    launch: async (architecture, script, args = [], options = {}) => {
      const { node, root } = nodeFor(architecture);
      return program(node, [join(root, script), ...args], { cwd: root, ...options });
    },
    pathOf: file => file,
    fileInRoot: (architecture, file) => join(nodeFor(architecture).root, file),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function nativeBitness(): Architecture {
  if (process.arch === 'x64' || process.arch === 'ia32') return process.arch;
  throw new SetupError(`Natively this runs on x64 and ia32; this Node is for ${process.arch}.`);
}

function findNode32(): string {
  if (process.arch === 'ia32') return process.execPath;
  const named = process.env[NODE32] ?? '';
  if (named !== '' && !existsSync(named)) throw new SetupError(`${NODE32} names ${named}, which does not exist.`);
  return named;
}
