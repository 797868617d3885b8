import { readFileSync } from 'node:fs';

/** The field of `/proc/<id>/stat` that is counted first behind the program's name, and the one that tells the start. */
const FIRST_BEHIND_NAME = 3;
const START = 22;

/**
 * When a process began, in clock ticks since the machine did. The system uses an id again, but an id and a start never: that would take all ids within one tick.
 *
 * @param processId - `'self'` for this process. Of a thread it gives the thread's own start.
 * @returns -1 where `/proc` does not tell.
 */
export function startOf(processId: number | 'self'): number {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // The name stands in parentheses, and may hold any character.
    const start = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[START - FIRST_BEHIND_NAME]);
    return Number.isSafeInteger(start) ? start : -1;
  } catch {
    return -1;
  }
}

/** The id of the process that a pidfd of this process refers to: -1 when it has ended and been collected, so that the id may be another one's; 0 where `/proc` does not tell. */
export function processIdIn(descriptor: number): number {
  try {
    return Number(/^Pid:\s*(-?\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The start of the process that a pidfd refers to, which was opened by this id; -1 where it is not to be known. */
export function startOfOpened(processId: number, descriptor: number): number {
  const start = startOf(processId);
  // Asked last: while the pidfd still has the id, nobody else had it a moment before.
  return processIdIn(descriptor) === processId ? start : -1;
}
