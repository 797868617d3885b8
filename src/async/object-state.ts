import type { ObjectKind } from '../kernel/kernel.js';
import { kernel } from '../kernel/select.js';
import type { OwnedHandle } from '../owned-handle.js';
import { registry, type ObjectState } from '../registry.js';
import { Turns } from './turns.js';

/**
 * The object state of the object that the handle refers to: the one that there is, or a new one.
 *
 * @param identity - See `ObjectInit`.
 */
export function objectStateOf(identity: unknown, kind: ObjectKind, owned: OwnedHandle, name: string | undefined): ObjectState {
  const exact = kernel.identify(owned.value);
  const known = exact ?? (typeof identity === 'string' ? identity : undefined);
  const objectState = (known === undefined ? undefined : registry.objects.get(known))
    ?? (exact === undefined ? findByComparing(identity === undefined, kind, owned) : undefined)
    ?? make(known, identity === undefined && exact === undefined, kind, owned, name);
  objectState.handles.add(owned.value);
  owned.objectState = objectState;
  return objectState;
}

/** A new object has this identity: what is known of the one that had it before, and is gone, does not concern it. */
export function forgetObjectState(identity: unknown): void {
  if (typeof identity === 'string') registry.objects.delete(identity);
}

/**
 * Of handles from elsewhere only a comparison can tell what they refer to, where the kernel has no name of its own for each object.
 *
 * @param foreign - Whether this handle is such a one, and so may be to any object; else only another one may have been there before.
 */
function findByComparing(foreign: boolean, kind: ObjectKind, owned: OwnedHandle): ObjectState | undefined {
  const candidates = foreign ? [...registry.objects.values(), ...registry.foreign] : registry.foreign;
  for (const objectState of candidates) {
    const [open] = objectState.handles;
    if (objectState.kind === kind && open !== undefined && kernel.sameObject(open, owned.value)) return objectState;
  }
  return undefined;
}

function make(known: string | undefined, foreign: boolean, kind: ObjectKind, { value }: OwnedHandle, name: string | undefined): ObjectState {
  const key = ++registry.keys;
  const identity = known ?? (foreign ? undefined : `unnamed ${key}`);
  const objectState = new OwnObjectState(key, identity, kind, name, kind === 'mutex' ? kernel.ownedDepth(value) ?? 0 : 0);
  if (identity === undefined) registry.foreign.add(objectState);
  else registry.objects.set(identity, objectState);
  return objectState;
}

/** Whether this thread owns the mutex, or has one of its wait threads own it. */
export function ownedHere(objectState: ObjectState): boolean {
  return objectState.owner !== 0 || (objectState.syncDepth > 0 && isOwnedStill(objectState));
}

/** Foreign code of this thread may have released what the thread owned when the object state was made. */
function isOwnedStill(objectState: ObjectState): boolean {
  const [open] = objectState.handles;
  const depth = open === undefined ? 0 : kernel.ownedDepth(open);
  if (depth !== undefined) objectState.syncDepth = depth;
  return objectState.syncDepth > 0;
}

/** Whether this thread may ask the kernel for it without passing by others of this thread, or taking a mutex a second time. */
export function isPassable(objectState: ObjectState): boolean {
  const { owner, waiting, syncDepth } = objectState;
  return waiting === 0 && owner === 0 && (syncDepth === 0 || !isOwnedStill(objectState));
}

/** An object state that this copy of the library has made. Other copies know it by its fields alone. */
class OwnObjectState implements ObjectState {
  readonly version = 1;
  readonly key: number;
  readonly identity: string | undefined;
  readonly kind: ObjectKind;
  readonly name: string | undefined;
  owner = 0;
  syncDepth: number;
  waiting = 0;
  readonly handles = new Set<number>();
  private turns: Turns | undefined = undefined;

  constructor(key: number, identity: string | undefined, kind: ObjectKind, name: string | undefined, syncDepth: number) {
    this.key = key;
    this.identity = identity;
    this.kind = kind;
    this.name = name;
    this.syncDepth = syncDepth;
  }

  enqueue(turn: () => Promise<void>, left: AbortSignal | undefined): void {
    (this.turns ??= new Turns()).add(turn, left);
  }
}
