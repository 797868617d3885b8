import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { findCommand } from '../command.js';
import { terminalEnvironment, type LaunchOptions } from '../launch-options.js';
import { cache, wineView } from '../paths.js';
import { announce } from '../setup-error.js';
import { steadyAddresses } from './steady-addresses.js';
import { wineEnvironment } from './wine-prefix.js';

/** The arguments of `taskset` before the command that it is to keep on the first CPU. */
export const toFirstCpu = ['--cpu-list', '0'];

interface Outcome {
  readonly started: boolean;
  readonly exitCode: number;
}

/**
 * Runs a Windows program, named by its Linux path, through the relay (see relay.c). The program ends with this process, however
 * this process ends: the relay watches a pipe of which only we hold the other end.
 */
export async function launchUnderWine(program: string, args: readonly string[], options: LaunchOptions, pinned: boolean): Promise<number> {
  const command = [...steadyAddresses, ...(pinned ? ['taskset', ...toFirstCpu] : []), wineLoader(), cache.relay, '--from-unix', wineView(program), ...args];
  let outcome = await attempt(command, options);
  if (!outcome.started && options.signal?.aborted !== true) {
    // By chance, before the program has run at all: see steady-addresses.ts.
    announce(`Wine did not start ${program} (exit code ${outcome.exitCode}); trying once more`);
    outcome = await attempt(command, options);
    if (!outcome.started) throw new Error(`Wine did not start ${program} (exit code ${outcome.exitCode}).`);
  }
  return outcome.exitCode;
}

/** The relay is a 64-bit program. The plain `wine` command is often the 32-bit loader, which takes a detour to start one. */
function wineLoader(): string {
  return findCommand('wine64', ['/usr/lib/wine']) ?? 'wine';
}

function attempt([command = '', ...args]: readonly string[], options: LaunchOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      // Detached: a Ctrl-C at the terminal is for us alone, and reaches the program by way of the relay.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environmentFor(options),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const write = options.onOutput ?? ((chunk, stream) => process[stream].write(chunk));
    const cutLifeline = () => child.stdin.end();
    const ask = () => child.stdin.writable && child.stdin.write('\0');
    let started = false;

    child.stdin.on('error', () => undefined);
    if (options.signal?.aborted === true) cutLifeline();
    options.signal?.addEventListener('abort', cutLifeline, { once: true });
    if (options.interruption?.aborted === true) ask();
    options.interruption?.addEventListener('abort', ask, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      const isFirst = !started && chunk[0] === 0;
      started ||= isFirst;
      const rest = isFirst ? chunk.subarray(1) : chunk;
      if (rest.length > 0) write(rest, 'stdout');
    });
    child.stderr.on('data', (chunk: Buffer) => write(chunk, 'stderr'));
    child.once('error', reject);
    child.once('exit', code => {
      options.signal?.removeEventListener('abort', cutLifeline);
      options.interruption?.removeEventListener('abort', ask);
      void readToTheEnd([child.stdout, child.stderr]).then(() => resolve({ started, exitCode: code ?? 255 }));
    });
  });
}

/**
 * Takes what an ended relay has left in its pipes. Their end cannot be waited for: Wine's services, started along with the
 * first program, hold them open for as long as they live. But all of it is there by now, and each turn of the event loop takes
 * what is there.
 */
async function readToTheEnd(streams: readonly Readable[]): Promise<void> {
  let idleTurns = 0;
  const notice = () => (idleTurns = 0);
  for (const stream of streams) stream.on('data', notice);
  while (idleTurns++ < 3) await setImmediate();
  for (const stream of streams) stream.destroy();
}

function environmentFor(options: LaunchOptions): NodeJS.ProcessEnv {
  // Settings for Linux's Node and npm, such as modules to load first, mean nothing to Windows Node or break it.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(NODE_|npm_)/i.test(name));
  return { ...Object.fromEntries(inherited), ...terminalEnvironment(options), ...options.env, ...wineEnvironment() };
}
