import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Architecture } from '../machine/architecture.js';
import type { LaunchOptions } from '../machine/launch-options.js';
import type { Machine } from '../machine/machine.js';

/** Runs a script that tells what it does by lines on stdout, and passes on each as it comes; gives its exit code. Its stderr goes to this process's. */
export async function launchForLines(machine: Machine, architecture: Architecture, script: string, args: readonly string[], onLine: (line: string) => void, options: Omit<LaunchOptions, 'onOutput'> = {}): Promise<number> {
  const output = new PassThrough();
  const lines = createInterface({ input: output, crlfDelay: Infinity }).on('line', onLine);
  const exitCode = await machine.launch(architecture, script, args, {
    ...options,
    onOutput(chunk, stream) {
      if (stream === 'stdout') output.write(chunk);
      else process.stderr.write(chunk);
    },
  });
  const allRead = once(lines, 'close');
  output.end();
  await allRead;
  return exitCode;
}
