import { join } from 'node:path';
import { bitnesses, type Bitness } from '../architecture.js';
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
const OWN: Bitness = process.arch === 'ia32' ? 'ia32' : 'x64';

/** Windows itself: this very Node, with the project where it is, and Node of the other bitness with a copy of the project. */
export async function prepareWindowsMachine(): Promise<Machine> {
  const others = bitnesses.filter(bitness => bitness !== OWN);
  const given = givenHelpers();
  await carryOut([
    given === undefined ? nativeProgramsStep('windows') : givenHelpersStep(given),
    ...others.flatMap(bitness => [windowsNodeStep(bitness), stagingRootStep('win32', bitness)]),
  ]);
  for (const bitness of others) refreshStagingRoot('win32', bitness);

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
    bitnesses: OWN === 'ia32' ? ['ia32'] : bitnesses,
    driver: 'x64',
    lacking: [],
    description: describe(),
    environment,
    program,
    launch(bitness, script, args = [], options = {}) {
      const root = rootFor(bitness);
      return program(nodeFor(bitness), [join(root, script), ...args], { cwd: root, ...options });
    },
    pathOf: file => file,
    fileInRoot: (bitness, file) => join(rootFor(bitness), file),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function nodeFor(bitness: Bitness): string {
  return bitness === OWN ? process.execPath : windowsNode(bitness);
}

function rootFor(bitness: Bitness): string {
  return bitness === OWN ? projectRoot : cache.stagingRoot('win32', bitness);
}

function describe(): Record<string, string> {
  const given = givenHelpers();
  return Object.fromEntries([
    ...(given === undefined ? bitnesses.map(bitness => [`${bitness} compiler`, findCompilers()[bitness].version]) : [['C programs', given]]),
    ...bitnesses.map(bitness => [`${bitness} Node`, nodeFor(bitness)]),
    ...bitnesses.map(bitness => [`${bitness} project`, rootFor(bitness)]),
  ]) as Record<string, string>;
}
