import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { canStart } from '../peers/peer.js';
import { node32Command } from '../peers/programs.js';
import type { TechniqueReport } from '../report/technique-report.js';

/** Why there is no 32-bit Node to run them in; `undefined` if there is one. */
export function lackOfNode32(): string | undefined {
  return canStart('node32') ? undefined : 'this machine has no 32-bit Node (for Linux WAITABLE_LINUX_NODE32 may name one)';
}

/**
 * Has a 32-bit Node use all techniques, from 32 to 64 bits.
 *
 * @param take - Gets each report as it comes.
 * @returns How that Node ended.
 */
export function runInNode32(seconds: number, signal: AbortSignal, take: (report: TechniqueReport) => void): Promise<string> {
  const [command, ...args] = node32Command('dist/stress/techniques/node32-main.js');
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, String(seconds)], { stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true });
    const end = () => void child.stdin.end(); // it ends with its standard input
    signal.addEventListener('abort', end, { once: true });
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', line => take(JSON.parse(line) as TechniqueReport));
    child.once('error', reject);
    child.once('close', (code, endSignal) => {
      signal.removeEventListener('abort', end);
      resolve(endSignal ?? `exit code ${code}`);
    });
  });
}
