import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { architectures } from '../architecture.js';
import { firstLineOf, run } from '../command.js';
import { findCompilers } from '../build/compilers.js';
import type { LaunchOptions } from '../launch-options.js';
import type { Machine, MachineOptions } from '../machine.js';
import { nativeProgramsStep } from '../build/native-programs.js';
import { cache, projectRoot, wineView } from '../paths.js';
import { carryOut } from '../setup-steps.js';
import { stagingRootStep } from '../staging-root.js';
import { systemPackagesStep } from '../install/system-packages.js';
import { windowsNode, windowsNodeStep } from '../windows/windows-node.js';
import { launchUnderWine, toFirstCpu } from './wine-launch.js';
import { stopWineServer, wineEnvironment, winePrefixStep } from './wine-prefix.js';

/** Linux with Wine. */
export async function prepareWineMachine({ pin = false }: MachineOptions): Promise<Machine> {
  await carryOut([
    systemPackagesStep,
    nativeProgramsStep('wine'),
    ...architectures.flatMap(architecture => [windowsNodeStep(architecture), stagingRootStep('win32', architecture)]),
    winePrefixStep,
  ]);
  if (pin) await startPinnedServer();

  const environment = {
    WAITABLE_HELPER32: wineView(cache.helper('ia32')),
    WAITABLE_HELPER64: wineView(cache.helper('x64')),
    WAITABLE_CLIENT32: wineView(cache.client('ia32')),
    WAITABLE_CLIENT64: wineView(cache.client('x64')),
    WAITABLE_NODE32: wineView(windowsNode('ia32')),
    WAITABLE_ROOT32: wineView(cache.stagingRoot('win32', 'ia32')),
    WAITABLE_RELAY32: wineView(cache.relay),
  };
  const program = (file: string, args: readonly string[] = [], options: LaunchOptions = {}) =>
    launchUnderWine(file, args, { ...options, env: { ...environment, ...options.env } }, pin);

  return {
    kernel: 'win32',
    architectures: architectures,
    driver: 'x64',
    lacking: [],
    description: describe(),
    environment,
    program,
    launch(architecture, script, args = [], options = {}) {
      const root = cache.stagingRoot('win32', architecture);
      return program(windowsNode(architecture), [wineView(join(root, script)), ...args], { cwd: root, ...options });
    },
    pathOf: file => wineView(inStagingRoot(file)),
    fileInRoot: (architecture, file) => join(cache.stagingRoot('win32', architecture), file),
    async [Symbol.asyncDispose]() {
      if (pin) await stopWineServer(cache.prefix);
    },
  };
}

/** A file of the project as its x64 Node sees it, where its imports are those of that Node; another one as it is. */
function inStagingRoot(file: string): string {
  const path = relative(projectRoot, file);
  const staged = join(cache.stagingRoot('win32', 'x64'), path);
  return !path.startsWith('..') && existsSync(staged) ? staged : file;
}

/**
 * A server that stays for a while between two programs, on the CPU where they will run. It goes by itself some seconds after
 * the last of them, should nobody stop it.
 */
async function startPinnedServer(): Promise<void> {
  await stopWineServer(cache.prefix);
  const env = { ...process.env, ...wineEnvironment() };
  await run('taskset', [...toFirstCpu, 'wineserver', '--persistent=10'], { log: cache.log('wine'), env });
}

function describe(): Record<string, string> {
  return {
    Wine: firstLineOf('wine', ['--version']) ?? '?',
    prefix: cache.prefix,
    ...Object.fromEntries(architectures.map(architecture => [`${architecture} compiler`, findCompilers()[architecture].version])),
    ...Object.fromEntries(architectures.map(architecture => [`${architecture} Node`, windowsNode(architecture)])),
    ...Object.fromEntries(architectures.map(architecture => [`${architecture} project`, cache.stagingRoot('win32', architecture)])),
  };
}
