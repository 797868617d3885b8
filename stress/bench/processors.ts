import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The numbers of the processors that this process may run on. On Linux. */
export function processors(): number[] {
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return list.split(',').flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/**
 * Keeps all threads of a process on some processors. Where two processes wake each other, it makes more of a difference on which they happen to be than what they are written in.
 */
export function pin(processId: number, to: readonly number[]): void {
  try {
    execFileSync('taskset', ['-acp', to.join(','), String(processId)], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    throw new Error('taskset (of util-linux) did not place a process; --no-pin does without it', { cause: error });
  }
}
