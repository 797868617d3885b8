import { spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { SetupError } from './setup-error.js';

export interface CommandOptions {
  readonly log: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** For `.cmd` files, which Node starts in no other way. Arguments are not quoted then. */
  readonly shell?: boolean;
}

const tailLines = 15;

/** Runs a command with its output appended to a log file; a failure carries the end of that output. */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  mkdirSync(dirname(options.log), { recursive: true });
  const commandLine = [command, ...args].join(' ');
  writeFileSync(options.log, `$ ${commandLine}\n`, { flag: 'a' });
  const start = readFileSync(options.log).length;
  const log = openSync(options.log, 'a');
  try {
    const outcome = await exitOf(command, args, options, log);
    if (outcome === 'exit code 0') return;
    const output = readFileSync(options.log).subarray(start).toString().trimEnd();
    const tail = output.split('\n').slice(-tailLines).join('\n');
    throw new SetupError(`${commandLine}\nended with ${outcome} (all of its output: ${options.log})\n${tail}`);
  } finally {
    closeSync(log);
  }
}

function exitOf(command: string, args: readonly string[], options: CommandOptions, log: number): Promise<string> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      stdio: ['ignore', log, log],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      shell: options.shell ?? false,
      windowsHide: true,
    });
    child.once('error', error => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === null ? `signal ${signal ?? '?'}` : `exit code ${code}`));
  });
}

/** The first line that a short command writes, or undefined when it fails. */
export function firstLineOf(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  return status === 0 ? stdout.split(/\r?\n/, 1)[0] : undefined;
}

/** Where a command lies: on the PATH, or in one of the further folders. */
export function findCommand(name: string, furtherFolders: readonly string[] = []): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...furtherFolders];
  const files = process.platform === 'win32' ? [`${name}.exe`] : [name];
  return folders
    .filter(folder => folder !== '')
    .flatMap(folder => files.map(file => join(folder, file)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
