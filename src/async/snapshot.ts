import { OwnedHandle } from '../owned-handle.js';
import { heldNow, waitsNow, type Held, type Pending } from './diagnostics.js';
import { Token } from './locks.js';

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
  return { holds: heldTokens().map(heldNow), waits: waitsNow() };
}

/** A token that is held is a use of its object's handle, and is noted nowhere else. */
function heldTokens(): Token[] {
  return [...OwnedHandle.allUses()].filter(use => use instanceof Token).filter(({ held }) => held).toSorted((one, other) => one.since - other.since);
}
