import type { Files } from './files.js';

/** Fields of `/proc/<id>/stat`, counted from 1: the first one behind the program's name, and when it began. */
const STATE = 3;
const START = 22;

/** What `/proc` says of a process or a thread. */
export interface ProcessStat {
  /** It is a zombie, or dead: nothing of it runs any more. */
  readonly hasEnded: boolean;
  /** When it began, in clock ticks since the machine did. */
  readonly start: number;
}

/**
 * @param id - Of a process; or of a thread, then it is about that thread alone.
 * @returns `undefined` where `/proc` does not tell.
 */
export function statOf(files: Files, id: number | 'self' | 'thread-self'): ProcessStat | undefined {
  const text = files.text(`/proc/${id}/stat`);
  // The name stands in parentheses, and may hold any character.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const start = Number(fields?.[START - STATE]);
  return Number.isSafeInteger(start) ? { hasEnded: /^[ZXx]/.test(fields?.[0] ?? ''), start } : undefined;
}

/**
 * When a process began, in clock ticks since the machine did. The system uses an id again, but an id and a start never: that would take all ids within one tick.
 *
 * @param processId - `'self'` for this process. Of a thread it gives the thread's own start.
 * @returns -1 where `/proc` does not tell.
 */
export function startOf(files: Files, processId: number | 'self'): number {
  return statOf(files, processId)?.start ?? -1;
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
