import { SYNCHRONIZE } from '../access.js';
import { CountObject } from './objects/counter.js';
import { KIND_AUTO_EVENT, KIND_AUTO_TIMER, KIND_MANUAL_EVENT, KIND_MANUAL_TIMER, KIND_MUTEX, KIND_PROCESS, KIND_SEMAPHORE } from './file/layout.js';
import { MutexObject } from './objects/mutex.js';
import { ProcessObject } from './objects/process.js';
import type { Reference } from './tables/handle-table.js';
import type { SharedObject } from './objects/shared-object.js';
import type { Session } from './session.js';
import { TimerObject } from './objects/timer.js';

/** An open handle, and what it refers to; no object for a section, which nobody waits for. By kind as well, since `instanceof` would take a third of the time of a release. */
export interface Opened extends Reference {
  readonly session: Session;
  readonly kind: number;
  readonly shared: SharedObject | undefined;
  /** The same, if the handle has the right to wait. */
  readonly waitable: SharedObject | undefined;
  readonly mutex: MutexObject | undefined;
  readonly semaphore: CountObject | undefined;
  readonly event: CountObject | undefined;
  readonly timer: TimerObject | undefined;
}

export function openedAs(reference: Reference, session: Session, kind: number): Opened {
  const { object, client } = reference;
  const mutex = kind === KIND_MUTEX ? new MutexObject(session, object, client) : undefined;
  const semaphore = kind === KIND_SEMAPHORE ? new CountObject(session, object, client, kind) : undefined;
  const event = kind === KIND_AUTO_EVENT || kind === KIND_MANUAL_EVENT ? new CountObject(session, object, client, kind) : undefined;
  const timer = kind === KIND_AUTO_TIMER || kind === KIND_MANUAL_TIMER ? new TimerObject(session, object, client, kind) : undefined;
  const ended = kind === KIND_PROCESS ? new ProcessObject(session, object, client) : undefined;
  const shared = mutex ?? semaphore ?? event ?? timer ?? ended;
  const waitable = (reference.access & SYNCHRONIZE) === 0 ? undefined : shared;
  return { ...reference, session, kind, mutex, semaphore, event, timer, shared, waitable };
}
