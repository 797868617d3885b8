import { join } from 'node:path';
import { architectures, type Architecture } from '../architecture.js';
import { findCompilers } from '../build/compilers.js';
import { givenHelpers, givenHelpersStep } from '../build/given-helpers.js';
import type { LaunchOptions } from '../launch-options.js';
import type { Machine } from '../machine.js';
import { nativeProgramsStep } from '../build/native-programs.js';
import { cache, projectRoot } from '../paths.js';
import { runProgram } from '../run-program.js';
import { carryOut } from '../setup-steps.js';
import { refreshStagingRoot, stagingRootStep } from '../staging-root.js';
import { windowsNode, windowsNodeStep } from './windows-node.js';

/** This very Node. One for arm64 takes the place of that for x64, whose programs such a Windows runs too. */
const OWN: Architecture = process.arch === 'ia32' ? 'ia32' : 'x64';

/** Windows itself: this very Node, with the project where it is, and Node of the other architecture with a copy of the project. */
export async function prepareWindowsMachine(): Promise<Machine> {
  const others = architectures.filter(architecture => architecture !== OWN);
  const given = givenHelpers();
  await carryOut([
    given === undefined ? nativeProgramsStep('windows') : givenHelpersStep(given),
    ...others.flatMap(architecture => [windowsNodeStep(architecture), stagingRootStep('win32', architecture)]),
  ]);
  for (const architecture of others) refreshStagingRoot('win32', architecture);

  const environment = {
    WAITABLE_HELPER32: cache.helper('ia32'),
    WAITABLE_HELPER64: cache.helper('x64'),
    WAITABLE_CLIENT32: cache.client('ia32'),
    WAITABLE_CLIENT64: cache.client('x64'),
    WAITABLE_NODE32: nodeFor('ia32'),
    WAITABLE_ROOT32: rootFor('ia32'),
  };
  const program = (file: string, args: readonly string[] = [], options: LaunchOptions = {}) =>
    runProgram(file, args, { ...options, env: { ...environment, ...options.env } });

  return {
    kernel: 'win32',
    architectures: OWN === 'ia32' ? ['ia32'] : architectures,
    driver: 'x64',
    lacking: [],
    description: describe(),
    environment,
    program,
    launch(architecture, script, args = [], options = {}) {
      const root = rootFor(architecture);
      return program(nodeFor(architecture), [join(root, script), ...args], { cwd: root, ...options });
    },
    pathOf: file => file,
    fileInRoot: (architecture, file) => join(rootFor(architecture), file),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function nodeFor(architecture: Architecture): string {
  return architecture === OWN ? process.execPath : windowsNode(architecture);
}

function rootFor(architecture: Architecture): string {
  return architecture === OWN ? projectRoot : cache.stagingRoot('win32', architecture);
}

function describe(): Record<string, string> {
  const given = givenHelpers();
  return Object.fromEntries([
    ...(given === undefined ? architectures.map(architecture => [`${architecture} compiler`, findCompilers()[architecture].version]) : [['C programs', given]]),
    ...architectures.map(architecture => [`${architecture} Node`, nodeFor(architecture)]),
    ...architectures.map(architecture => [`${architecture} project`, rootFor(architecture)]),
  ]) as Record<string, string>;
}
