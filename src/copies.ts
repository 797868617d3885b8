import { valueError } from './arguments.js';
import { Event } from './event.js';
import { kernel } from './kernel/select.js';
import { Mutex } from './mutex.js';
import type { OwnedHandle } from './owned-handle.js';
import { Process } from './process.js';
import { OBJECT, type SharedObject } from './registry.js';
import { Semaphore } from './semaphore.js';
import { Timer } from './timer.js';
import { Waitable, type ObjectInit } from './waitable.js';

/*
 * Objects of another copy of the library in this thread, in waits of this one. What stands in for such an object is one of this copy, over the other's handle and
 * object state: the handle stays the other's to close, and tells its uses of the close whichever copy they are of.
 */

const CLASSES: Partial<Record<string, new (init: ObjectInit) => Waitable>> = { mutex: Mutex, semaphore: Semaphore, event: Event, timer: Timer, process: Process };

/** Its handle is of the other copy's class, with the members that this copy's has. */
interface ForeignObject extends SharedObject {
  readonly owned: OwnedHandle;
}

const standIns = new WeakMap<object, Waitable>();
/** The other way round: while something waits for what stands in, the object itself is not collected, and so closed. */
const originals = new WeakMap<Waitable, object>();

/** The object itself, or what stands in for it if it is another copy's. What is no object to wait for comes back as it is. */
export function ownCopy(object: Waitable): Waitable {
  if (object instanceof Waitable) return object;
  const known = standIns.get(object);
  if (known !== undefined) return known;
  const made = standIn(object);
  if (made === undefined) return object;
  standIns.set(object, made);
  originals.set(made, object);
  return made;
}

function standIn(object: unknown): Waitable | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const shared = Reflect.get(object, OBJECT) as ForeignObject | undefined;
  if (shared === undefined) return undefined;
  const { version, owned, objectState: { kind, name, identity } } = shared;
  const Class = CLASSES[kind];
  if (Class === undefined) return undefined;
  const exact = kernel.identify(owned.value);
  if (owned.open && exact !== undefined && exact !== identity) {
    throw valueError(`a ${kind} of another copy of waitable (version ${version}) cannot be waited for here: that copy has its objects in another folder`);
  }
  return new Class({ owned, name, identity: undefined, standsIn: true });
}
