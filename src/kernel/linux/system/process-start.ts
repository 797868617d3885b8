import type { Files } from './files.js';

/** The field of `/proc/<id>/stat` that is counted first behind the program's name, and the one that tells the start. */
const FIRST_BEHIND_NAME = 3;
const START = 22;

/**
 * When a process began, in clock ticks since the machine did. The system uses an id again, but an id and a start never: that would take all ids within one tick.
 *
 * @param processId - `'self'` for this process. Of a thread it gives the thread's own start.
 * @returns -1 where `/proc` does not tell.
 */
export function startOf(files: Files, processId: number | 'self'): number {
  const text = files.text(`/proc/${processId}/stat`);
  // The name stands in parentheses, and may hold any character.
  const start = Number(text?.slice(text.lastIndexOf(')') + 2).split(' ')[START - FIRST_BEHIND_NAME]);
  return Number.isSafeInteger(start) ? start : -1;
}

/** The id of the process that a pidfd of this process refers to: -1 when it has ended and been collected, so that the id may be another one's; 0 where `/proc` does not tell. */
export function processIdIn(files: Files, descriptor: number): number {
  return Number(/^Pid:\s*(-?\d+)$/m.exec(files.text(`/proc/self/fdinfo/${descriptor}`) ?? '')?.[1] ?? 0);
}

/** The start of the process that a pidfd refers to, which was opened by this id; -1 where it is not to be known. */
export function startOfOpened(files: Files, processId: number, descriptor: number): number {
  const start = startOf(files, processId);
  // Asked last: while the pidfd still has the id, nobody else had it a moment before.
  return processIdIn(files, descriptor) === processId ? start : -1;
}
