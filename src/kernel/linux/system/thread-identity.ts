import { statOf } from './process-stat.js';
import type { System } from './system.js';

/**
 * What tells a thread from all others that have its id before or after it. The system uses ids again.
 *
 * A time namespace has an offset of its own in what `/proc` says of a start, so only starts in one of them can be compared.
 */
export interface ThreadIdentity {
  readonly id: number;
  readonly processId: number;
  /** When the thread began: the low 32 bits of clock ticks since the machine did. 0 is not known. */
  readonly start: number;
  /** The low 32 bits of the namespace's inode. 0 where the system has none. */
  readonly timeNamespace: number;
}

const TIME_NAMESPACE = '/proc/self/ns/time';

/** The calling thread. */
export function ownIdentity(system: System, processId: number): ThreadIdentity {
  const { files } = system;
  const inode = files.statsOf(TIME_NAMESPACE)?.inode ?? 0n;
  const start = statOf(files, 'thread-self')?.start ?? 0;
  return { id: system.threadId(), processId, start: start | 0, timeNamespace: Number(BigInt.asIntN(32, inode)) };
}

/**
 * Whether a thread is no more. In doubt it lives: to take a living owner for dead would give one mutex two owners.
 *
 * | the system says of its id                   | the thread |
 * |---------------------------------------------|------------|
 * | nobody has it                               | has ended |
 * | its thread is a zombie, or dead (Z, X)      | has ended: its parent, or a debugger, has not collected it |
 * | its thread began at another time            | has ended: the id is in use again |
 * | its thread began at the same time           | lives |
 * | `/proc` hides it, or is another namespace's | lives |
 *
 * The kernel walks a thread's robust list before the thread becomes a zombie. So what a thread left that has ended by
 * this function, the kernel will not mark any more.
 *
 * @param own - The calling thread.
 */
export function hasEnded(system: System, thread: ThreadIdentity, own: ThreadIdentity): boolean {
  const { id, start } = thread;
  const startsCompare = start !== 0 && own.start !== 0 && thread.timeNamespace === own.timeNamespace;
  if (id === own.id) return thread.processId !== own.processId || (startsCompare && start !== own.start);
  if (!system.exists(id)) return true;
  const stat = statOf(system.files, id);
  if (stat === undefined) return false;
  if (!stat.hasEnded && (!startsCompare || (stat.start | 0) === start)) return false;
  // A /proc of another PID namespace tells of other threads. One that is this namespace's knows the calling thread.
  return own.start !== 0 && ((statOf(system.files, own.id)?.start ?? 0) | 0) === own.start;
}

/** Whether nobody has the id, or only a thread that has ended. For who knows nothing else of the thread. */
export function isUnused(system: System, id: number, own: ThreadIdentity): boolean {
  return hasEnded(system, { id, processId: own.processId, start: 0, timeNamespace: 0 }, own);
}
