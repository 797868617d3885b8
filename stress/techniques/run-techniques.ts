import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { canStart } from '../peers/peer.js';
import { node32Command } from '../peers/programs.js';
import { cutShort, directions, notRun, type Cell, type Direction } from './cell.js';
import { techniques } from './index.js';
import { runHere } from './run-here.js';
import { ownDirection } from './site.js';

export interface TechniquesOptions {
  /** Called with each cell as it comes. */
  readonly onCell?: (cell: Cell) => void;
  /** Ends it early: what has not come by then is left out. */
  readonly signal?: AbortSignal;
}

/**
 * Uses every technique in both directions: in this Node, and in one of the other bitness.
 *
 * @param seconds - How long each of them is used in each direction.
 */
export async function runTechniques(seconds: number, { onCell = () => undefined, signal }: TechniquesOptions = {}): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  const take = (cell: Cell) => {
    cells.push(cell);
    onCell(cell);
  };
  for (const technique of techniques) {
    if (signal?.aborted) break;
    take(await runHere(technique, seconds));
  }
  if (!signal?.aborted) await runInOther(seconds, take, signal);
  return cells;
}

/** How many cells there will be. */
export const cellCount = techniques.length * directions.length;

const otherDirection: Direction = ownDirection === '64→32' ? '32→64' : '64→32';

async function runInOther(seconds: number, take: (cell: Cell) => void, signal: AbortSignal | undefined): Promise<void> {
  const reason = lackOfOther();
  if (reason !== undefined) {
    for (const technique of techniques) take(notRun(technique, otherDirection, reason));
    return;
  }
  const taken = new Set<string>();
  const run = () => runInNode32(seconds, signal, cell => {
    taken.add(cell.technique);
    take(cell);
  });
  let how = await run();
  // Under Wine one start in some hundreds fails for no reason of ours.
  if (taken.size === 0 && !signal?.aborted) how = await run();
  if (signal?.aborted) return;
  for (const technique of techniques) {
    if (!taken.has(technique.name)) take(cutShort(technique, otherDirection, how));
  }
}

function lackOfOther(): string | undefined {
  if (ownDirection !== '64→32') return 'the stress run is driven by a 32-bit Node';
  return canStart('node32') ? undefined : 'this machine has no 32-bit Node (for Linux WAITABLE_LINUX_NODE32 may name one)';
}

/** Gives how it ended. */
function runInNode32(seconds: number, signal: AbortSignal | undefined, take: (cell: Cell) => void): Promise<string> {
  const [command, ...args] = node32Command('dist/stress/techniques/main.js');
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, String(seconds)], { stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true });
    child.stdin.on('error', () => undefined);
    signal?.addEventListener('abort', () => child.stdin.end(), { once: true }); // at which it ends
    createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', line => take(JSON.parse(line) as Cell));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}
