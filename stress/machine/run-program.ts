import { spawn } from 'node:child_process';
import { terminalEnvironment, type LaunchOptions } from './launch-options.js';

/** Runs a program of this system; gives its exit code. */
export function runProgram(file: string, args: readonly string[], options: LaunchOptions): Promise<number> {
  const { onOutput } = options;
  const output = onOutput === undefined ? 'inherit' : 'pipe';
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...terminalEnvironment(options), ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const end = () => child.kill();
    const ask = () => process.platform === 'win32' || child.kill('SIGINT');
    if (options.interruption?.aborted === true) ask();
    options.interruption?.addEventListener('abort', ask, { once: true });
    if (options.signal?.aborted === true) end();
    options.signal?.addEventListener('abort', end, { once: true });
    child.stdout?.on('data', (chunk: Buffer) => onOutput?.(chunk, 'stdout'));
    child.stderr?.on('data', (chunk: Buffer) => onOutput?.(chunk, 'stderr'));
    child.once('error', reject);
    child.once('close', code => {
      options.signal?.removeEventListener('abort', end);
      options.interruption?.removeEventListener('abort', ask);
      resolve(code ?? 255);
    });
  });
}
