import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bitnesses, type Bitness } from './bitness.js';
import { findCompilers } from './compilers.js';
import { terminalEnvironment, type LaunchOptions } from './launch-options.js';
import type { Machine } from './machine.js';
import { nativeProgramsStep } from './native-programs.js';
import { cache, projectRoot } from './paths.js';
import { carryOut } from './setup-steps.js';
import { refreshStagingRoot, stagingRootStep, windowsNode, windowsNodeStep } from './windows-node.js';

/** Windows itself: this very Node, with the project where it is, and Node of the other bitness with a copy of the project. */
export async function prepareWindowsMachine(): Promise<Machine> {
  const others = bitnesses.filter(bitness => bitness !== process.arch);
  await carryOut([
    nativeProgramsStep('windows'),
    ...others.flatMap(bitness => [windowsNodeStep(bitness), stagingRootStep(bitness)]),
  ]);
  others.forEach(refreshStagingRoot);

  const environment = {
    WAITABLE_HELPER32: cache.helper('ia32'),
    WAITABLE_HELPER64: cache.helper('x64'),
    WAITABLE_NODE32: nodeFor('ia32'),
    WAITABLE_ROOT32: rootFor('ia32'),
  };
  const program = (file: string, args: readonly string[] = [], options: LaunchOptions = {}) =>
    runProgram(file, args, { ...options, env: { ...environment, ...options.env } });

  return {
    description: describe(),
    environment,
    program,
    launch(bitness, script, args = [], options = {}) {
      const root = rootFor(bitness);
      return program(nodeFor(bitness), [join(root, script), ...args], { cwd: root, ...options });
    },
    fileInStagingRoot: (bitness, file) => join(rootFor(bitness), file),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function nodeFor(bitness: Bitness): string {
  return bitness === process.arch ? process.execPath : windowsNode(bitness);
}

function rootFor(bitness: Bitness): string {
  return bitness === process.arch ? projectRoot : cache.stagingRoot(bitness);
}

function runProgram(file: string, args: readonly string[], options: LaunchOptions): Promise<number> {
  const { onOutput } = options;
  const output = onOutput === undefined ? 'inherit' : 'pipe';
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...terminalEnvironment(options), ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const end = () => child.kill();
    if (options.signal?.aborted === true) end();
    options.signal?.addEventListener('abort', end, { once: true });
    child.stdout?.on('data', (chunk: Buffer) => onOutput?.(chunk, 'stdout'));
    child.stderr?.on('data', (chunk: Buffer) => onOutput?.(chunk, 'stderr'));
    child.once('error', reject);
    child.once('close', code => {
      options.signal?.removeEventListener('abort', end);
      resolve(code ?? 255);
    });
  });
}

function describe(): Record<string, string> {
  return Object.fromEntries([
    ...bitnesses.map(bitness => [`${bitness} compiler`, findCompilers()[bitness].version]),
    ...bitnesses.map(bitness => [`${bitness} Node`, nodeFor(bitness)]),
    ...bitnesses.map(bitness => [`${bitness} project`, rootFor(bitness)]),
  ]) as Record<string, string>;
}
