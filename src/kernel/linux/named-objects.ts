import type { Created, CreateOptions, Handle, NamedKind, ObjectKind } from '../kernel.js';
import { ERROR_INVALID_HANDLE } from '../status.js';
import { FileFailure } from './file/failure.js';
import {
  KIND_AUTO_EVENT, KIND_AUTO_TIMER, KIND_MANUAL_EVENT, KIND_MANUAL_TIMER, KIND_MUTEX, KIND_PROCESS, KIND_SECTION, KIND_SEMAPHORE, OBJECT, objectPlace,
} from './file/layout.js';
import { MutexObject } from './objects/mutex.js';
import type { Session } from './session.js';

export const KIND_NAMES: Readonly<Record<number, ObjectKind>> = {
  [KIND_MUTEX]: 'mutex', [KIND_SEMAPHORE]: 'semaphore', [KIND_AUTO_EVENT]: 'event', [KIND_MANUAL_EVENT]: 'event',
  [KIND_AUTO_TIMER]: 'timer', [KIND_MANUAL_TIMER]: 'timer', [KIND_PROCESS]: 'process', [KIND_SECTION]: 'section',
};

/** Gives a new object its first state, before anybody can find it. `at` is the place of its WORD. What it gives is the object's generation, where it cannot be the one that it gets. */
export type Fill = (session: Session, at: number, generation: number) => number | undefined;

/** What is looked for. A name is known by its digest. */
export interface Wanted {
  readonly kind: NamedKind;
  readonly digest: Int32Array | undefined;
  readonly options: Pick<CreateOptions, 'access' | 'inheritable'>;
}

/** What is made where there is none. */
export interface Order extends Wanted {
  /** The kind as the file has it. */
  readonly code: number;
  readonly fill: Fill;
}

/* All under the namespace mutex. */

/**
 * Opens the object of that name; 0 if there is none.
 *
 * @throws FileFailure
 */
export function find(session: Session, { kind, digest, options: { access, inheritable } }: Wanted): Handle {
  const { clients, objectTable } = session;
  clients.reap();
  if (digest === undefined) return 0;
  let index = objectTable.find(digest);
  // Only threads may have it open that have ended.
  if (index >= 0 && clients.reapUnmarked()) index = objectTable.find(digest);
  return index < 0 ? 0 : refer(session, index, kind, access, inheritable);
}

/**
 * Opens the object of that name, or makes it.
 *
 * @throws FileFailure; then there is no new object.
 */
export function findOrMake(session: Session, order: Order): Created {
  const existing = find(session, order);
  if (existing !== 0) return { handle: existing, createdNew: false };
  const { kind, digest, options: { access, inheritable }, code, fill } = order;
  const { objectTable } = session;
  const index = objectTable.make(code, digest, (at, generation) => fill(session, at, generation));
  try {
    return { handle: refer(session, index, kind, access, inheritable), createdNew: true };
  } catch (error) {
    if (code === KIND_MUTEX) new MutexObject(session, index, session.client).discard();
    objectTable.free(index);
    throw error;
  }
}

function refer(session: Session, index: number, kind: NamedKind, access: number, inheritable: boolean): Handle {
  const code = session.words[objectPlace(index) + OBJECT.KIND] ?? 0;
  if (KIND_NAMES[code] !== kind) throw new FileFailure({ errno: ERROR_INVALID_HANDLE, syscall: '' });
  return session.handleTable.open(index, access, inheritable);
}
