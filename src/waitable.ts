import { checkTimeout, illegalConstructor, typeError } from './arguments.js';
import { waitAsync } from './async/wait-async.js';
import type { AsyncWaitable, AsyncWaitResult, WaitOptions } from './contract.js';
import type { Lock } from './async/locks.js';
import type { Outcome } from './async/try-take.js';
import { Target } from './async/target.js';
import { forgetObjectState, objectStateOf } from './async/object-state.js';
import { DISPOSE } from './dispose.js';
import { ClosedError, closedError, describe, systemError } from './errors.js';
import type { Created, Handle, NamedKind, ObjectKind } from './kernel/kernel.js';
import { kernel } from './kernel/select.js';
import { ERROR_FILE_NOT_FOUND, WAIT_ABANDONED_0, WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT } from './kernel/status.js';
import { canonicalName, checkName } from './names.js';
import { openingFailed } from './opening-failed.js';
import { checkOpenOptions, type OpenOptions } from './options.js';
import { OwnedHandle } from './owned-handle.js';
import { OBJECT, type SharedObject } from './registry.js';
import { VERSION } from './version.js';
import { INSPECT, inspected, membersOf, UNCLONEABLE, type Inspect, type InspectOptions } from './shown.js';

/** What became of a wait. Synchronous waits hold nothing by `locks`: the thread owns what they took. */
export type WaitResult = AsyncWaitResult<Waitable, Lock>;

export const NO_LOCKS: readonly Lock[] = Object.freeze([]);
export const TIMED_OUT: WaitResult = Object.freeze({ status: 'timeout', index: -1, object: undefined, locks: NO_LOCKS });

/** How an object came to be, as its constructor needs it. */
export interface ObjectInit {
  readonly owned: OwnedHandle;
  readonly name?: string | undefined;
  readonly createdNew?: boolean;
  /**
   * Equal for two instances exactly when they are the same kernel object: its canonical name, or something unique for an object that nobody else can name;
   * `undefined` for a handle from elsewhere, where only the kernel can tell.
   */
  readonly identity: unknown;
  /** Whether it only stands in for an object of another copy of the library, whose handle it is. */
  readonly standsIn?: boolean;
}

/** What `JSON.stringify` gives of an object. Some kinds add to it. */
export interface ObjectInJson {
  readonly kind: ObjectKind;
  readonly name: string | undefined;
  readonly createdNew: boolean;
  readonly closed: boolean;
}

const CLASS_NAMES: Readonly<Record<ObjectKind, string>> = { mutex: 'Mutex', semaphore: 'Semaphore', event: 'Event', timer: 'Timer', process: 'Process', section: 'SharedMemory' };

/** What an object's `ObjectInit` says of its identity. */
export let identityOf: (object: Waitable) => unknown;

/** The handle of an object to wait for; 0 if it is closed, or is none. For the hot path of a wait on many. */
export let openHandleOf: (object: unknown) => Handle;

/** The object as the asynchronous part sees it. */
export let targetOf: (object: Waitable) => Target;

/**
 * An object that one can wait for: the base of `Mutex`, `Semaphore`, `Event`, `Timer` and `Process`.
 *
 * Objects come from each kind's `create` and `open`, or from `fromHandle`. They belong to the thread that made them; another thread opens its own.
 */
export abstract class Waitable implements AsyncWaitable, Disposable {
  /** Which kind of object this is. */
  abstract readonly kind: ObjectKind;
  /** The name as it was given, or `undefined`. */
  readonly name: string | undefined;
  /** @internal */
  readonly uncloneable = UNCLONEABLE;
  readonly #createdNew: boolean;
  readonly #owned: OwnedHandle;
  readonly #identity: unknown;

  #target: Target | undefined;

  static {
    identityOf = object => object.#identity;
    openHandleOf = object => object instanceof Waitable && object.#owned.open ? object.#owned.value : 0;
    targetOf = object => object.#target ?? object.#makeTarget();
  }

  /** @internal Objects come from the static functions of each kind. */
  constructor(init: ObjectInit) {
    // JavaScript callers may try `new Mutex()`.
    if (!((init as Partial<ObjectInit> | undefined)?.owned instanceof OwnedHandle) && (init as Partial<ObjectInit> | undefined)?.standsIn !== true) {
      throw illegalConstructor(new.target.name, 'use its static functions, or fromHandle');
    }
    this.#owned = init.owned;
    this.name = init.name;
    this.#createdNew = init.createdNew ?? false;
    this.#identity = init.identity;
    if (init.standsIn !== true) init.owned.closeWhenCollected(this);
  }

  /**
   * The kernel handle, as a signed 32-bit number on every platform, for foreign functions of the same process. It stays this object's: do not close it.
   *
   * @throws ClosedError
   */
  get handle(): Handle {
    if (!this.#owned.open) throw closedError(this);
    return this.#owned.value;
  }

  /**
   * Whether this call made the object, rather than opened one that existed.
   *
   * Who is told that it is new relies on it, as a program does that wants to be the only one of its kind: from then on the object stays open until `close()` or the end of the
   * thread, whether anything refers to it or not.
   *
   * @example
   * ```ts
   * if (!Mutex.create('my-app').createdNew) process.exit(); // another instance runs
   * ```
   */
  get createdNew(): boolean {
    if (this.#createdNew) this.#owned.keepOpen();
    return this.#createdNew;
  }

  get closed(): boolean {
    return !this.#owned.open;
  }

  /**
   * Closes the handle. The object itself, and its name, live on while others have it open. A mutex that this thread owns stays owned. Closing again does nothing.
   *
   * An object that is never closed is closed when it is garbage-collected, and with its last opener its name and its state are gone. But what this thread owns, it owns until it
   * releases it or ends, whether anything refers to it or not; and what was told to be new (`createdNew`) stays open likewise.
   */
  close(): void {
    this.#owned.close();
  }

  [DISPOSE](): void {
    this.close();
  }

  /**
   * Waits for this object, and blocks the thread meanwhile: the event loop stands still.
   *
   * @param timeout - In ms: 0 and less only try; `undefined` and `Infinity` wait for ever; at most 4,294,967,294 (49.7 days). Fractions are rounded up.
   * @throws ClosedError, AccessDeniedError (the handle lacks the right `synchronize`), RangeError, TypeError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitforsingleobject}
   */
  waitSync(timeout?: number): WaitResult {
    return waitBlocking(this, checkTimeout(timeout));
  }

  /**
   * Waits for this object without blocking: the event loop goes on. While it pends, it keeps the process alive.
   *
   * What it takes of a mutex or a semaphore is in `locks` of the result, and belongs to the code that holds it: see `Mutex.acquire` and `Semaphore.acquire`.
   *
   * @throws (rejects with) the reason of an aborted signal; ClosedError (also if it is closed meanwhile), DeadlockError, AccessDeniedError, RangeError, TypeError.
   */
  wait(options?: WaitOptions): Promise<WaitResult> {
    return this.closed ? Promise.reject(closedError(this)) : waitAsync(targetOf(this).alone, false, options, asyncResult);
  }

  /** What `JSON.stringify` gives: a description, by which another program may open the object. */
  toJSON(): ObjectInJson {
    // Not `this.createdNew`: whoever only looks does not rely on it.
    return membersOf(this, () => ({ kind: this.kind, name: this.name, createdNew: this.#createdNew, closed: this.closed }));
  }

  /** @internal */
  [INSPECT](depth: number, options: InspectOptions, inspect: Inspect): string {
    return inspected(this, CLASS_NAMES[this.kind], this.toJSON(), depth, options, inspect);
  }

  /** @internal */
  get [OBJECT](): SharedObject {
    return { version: VERSION, owned: this.#owned, objectState: targetOf(this).objectState };
  }

  #makeTarget(): Target {
    return this.#target = new Target(this, this.#owned, this.#owned.objectState ?? objectStateOf(this.#identity, this.kind, this.#owned, this.name));
  }
}

/** A wait of this thread for one object. @param timeout - As the kernel has it. */
export function waitBlocking(object: Waitable, timeout: number): WaitResult {
  switch (kernel.wait(object.handle, timeout)) {
    case WAIT_OBJECT_0: return { status: 'signaled', index: 0, object, locks: NO_LOCKS };
    case WAIT_ABANDONED_0: return { status: 'abandoned', index: 0, object, locks: NO_LOCKS };
    case WAIT_TIMEOUT: return TIMED_OUT;
    default: throw systemError(kernel.failure, object);
  }
}

/** The public result of an asynchronous wait. */
export function asyncResult({ index, abandoned, locks }: Outcome, targets: readonly Target[], all: boolean): WaitResult {
  if (index < 0) return TIMED_OUT;
  const front = all ? undefined : targets[index]?.front;
  return { status: abandoned ? 'abandoned' : 'signaled', index, object: front instanceof Waitable ? front : undefined, locks };
}

/**
 * Reads the status of a wait that took many objects, or signalled one before it.
 *
 * @param subject - What an error is about.
 */
export function waitResult(status: number, objects: readonly Waitable[], all: boolean, subject: Waitable): WaitResult {
  if (status === WAIT_TIMEOUT) return TIMED_OUT;
  if (status === WAIT_FAILED) throw systemError(kernel.failure, subject);
  const abandoned = status >= WAIT_ABANDONED_0;
  const index = all ? 0 : status - (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0);
  return { status: abandoned ? 'abandoned' : 'signaled', index, object: all ? undefined : objects[index], locks: NO_LOCKS };
}

/** What the static functions of every named kind share. */

export function checkOptionalName(name: unknown): string | undefined {
  return name === undefined ? undefined : checkName(name);
}

/** What a kernel's create gave. */
export function created(result: Created | undefined, kind: NamedKind, name: string | undefined): ObjectInit {
  if (result === undefined) throw openingFailed(kind, name);
  const owned = new OwnedHandle(result.handle);
  const identity = name === undefined ? owned : canonicalName(name, kernel.namespacesAreOne);
  if (result.createdNew) forgetObjectState(identity);
  return { owned, name, createdNew: result.createdNew, identity };
}

/** What an object opened by name is made of. */
export function opened(kind: NamedKind, name: unknown, options: OpenOptions | undefined): ObjectInit {
  const init = tryOpened(kind, name, options);
  if (init === undefined) throw openingFailed(kind, String(name));
  return init;
}

/** The same; `undefined` when no object has that name. */
export function tryOpened(kind: NamedKind, name: unknown, options: OpenOptions | undefined): ObjectInit | undefined {
  const checked = checkName(name);
  const { access, inheritable } = checkOpenOptions(kind, options);
  const handle = kernel.open(kind, checked, access, inheritable);
  if (handle !== 0) return { owned: new OwnedHandle(handle), name: checked, identity: canonicalName(checked, kernel.namespacesAreOne) };
  if (kernel.failure.errno === ERROR_FILE_NOT_FOUND) return undefined;
  throw openingFailed(kind, checked);
}

export function checkWaitable(object: unknown, argument: string): Waitable {
  if (!(object instanceof Waitable)) throw typeError(argument, 'a Mutex, Semaphore, Event, Timer or Process', object);
  if (object.closed) throw new ClosedError(`${argument} must be open; given: a closed ${describe(object)}`, object.name);
  return object;
}
