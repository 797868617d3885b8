import { OwnedHandle } from '../owned-handle.js';
import { heldNow, waitsNow, type Held, type Pending } from './diagnostics.js';
import { Hold } from './hold.js';
import { PermitBook } from './permit-book.js';

/** What a thread holds and waits for asynchronously. */
export interface Snapshot {
  readonly holds: readonly Held[];
  readonly waits: readonly Pending[];
}

/**
 * What this thread holds and waits for at this moment, asynchronously: for asking a program that is stuck.
 *
 * @example
 * ```ts
 * process.on('SIGBREAK', () => console.error(JSON.stringify(snapshot(), undefined, 2)));
 * ```
 */
export function snapshot(): Snapshot {
  const holds = [...[...OwnedHandle.allUses()].filter(use => use instanceof Hold), ...PermitBook.allEntries()].toSorted((one, other) => one.since - other.since);
  return { holds: holds.map(heldNow), waits: waitsNow() };
}
