import { isMainThread } from 'node:worker_threads';
import type { Handle } from './kernel/kernel.js';
import { atExit } from './kernel/at-exit.js';
import { kernel } from './kernel/select.js';
import { forgetHandle, registry, type ObjectState } from './registry.js';

/** A use of one handle beyond a call. It carries its own links to the other uses of the handle, so that each beginning and end costs next to nothing. */
export abstract class HandleUse {
  /** @internal */
  olderUse: HandleUse | undefined = undefined;
  /** @internal */
  youngerUse: HandleUse | undefined = undefined;

  /** @internal Nobody else has the handle any more; this use has it until its `endUse`. */
  abstract handleClosed(): void;
}

/** While the uses are told of the close they may all end, and the handle is to be closed once. */
class CloseInProgress extends HandleUse {
  override handleClosed(): void {
    // It began after the close.
  }
}

/**
 * A handle that this thread has to close, once.
 *
 * Who closes it: `close()`; else the collection of the object in front of it; else, in a worker thread that ends in order, the thread's exit, since
 * the process and with it the handle lives on. A thread that `worker.terminate()` ends runs nothing any more: its handles stay open until the process ends.
 *
 * The collection does not close it while the program relies on it without a reference:
 *
 * - The thread owns the mutex by a synchronous wait. It is closed with the release by another instance, or with the thread.
 * - Code owns the mutex by a token. The hold is a use of the handle, and refers to the object in front, which is not collected then.
 * - `keepOpen` was called.
 *
 * A wait that pends in a wait thread, and a lock that such a thread took, use the handle: after `close()` the system's handle stays open for them, closed
 * to everybody else, until the last of them has ended. A wait on a handle value that the system may have given to something else never happens.
 */
export class OwnedHandle {
  /** What is open in this thread: nothing may be adopted twice, and the thread's exit closes the rest. */
  static readonly #all = new Map<Handle, OwnedHandle>();
  static readonly #collected = new FinalizationRegistry<OwnedHandle>(owned => owned.#afterCollection());
  /** Of mutexes that this thread owned when their object was collected. */
  private static readonly owning = new Set<OwnedHandle>();

  readonly value: Handle;
  /** Of the object, once this thread has used it by this handle in a way that others have to know of. */
  objectState: ObjectState | undefined = undefined;
  /*
   * No `#` before what each use touches: that would cost more than the use does.
   */
  private isOpen = true;
  /** The list of uses begins here, and nothing points to its other end: the collector has to be told of each pointer from what is old to what is new. */
  private youngest: HandleUse | undefined = undefined;

  constructor(value: Handle) {
    this.value = value;
    if (OwnedHandle.#all.size === 0) OwnedHandle.#closeAtThreadExit();
    OwnedHandle.#all.set(value, this);
    registry.handles.add(value);
  }

  /** Whether it belongs to a copy of this library in this thread. */
  static has(value: Handle): boolean {
    return registry.handles.has(value);
  }

  get open(): boolean {
    return this.isOpen;
  }

  /** Ties the handle to the life of the object in front of it. That object must not be reachable from this one. */
  closeWhenCollected(front: object): void {
    OwnedHandle.#collected.register(front, this, this);
  }

  /** The collection of the object in front does not close it any more: only `close()` does, or the thread's end. */
  keepOpen(): void {
    OwnedHandle.#collected.unregister(this);
  }

  #afterCollection(): void {
    OwnedHandle.owning.add(this);
    OwnedHandle.closeReleased();
  }

  /** This thread has released a mutex: closes it if its object has been collected before. */
  static closeReleased(): void {
    if (OwnedHandle.owning.size > 0) OwnedHandle.closeCollected();
  }

  private static closeCollected(): void {
    for (const owned of OwnedHandle.owning) {
      if (owned.#ownedByThread) continue;
      OwnedHandle.owning.delete(owned);
      owned.close();
    }
  }

  /** The kernel knows best, but not every handle has the right to ask it. */
  get #ownedByThread(): boolean {
    return (this.objectState?.syncDepth ?? 0) > 0 || (kernel.ownedDepth(this.value) ?? 0) > 0;
  }

  /** All uses of all handles that are open in this thread. */
  static *allUses(): Generator<HandleUse> {
    for (const owned of OwnedHandle.#all.values()) yield* owned.uses();
  }

  /** A use begins: it is told, once, if the handle is closed before `endUse`. */
  beginUse(use: HandleUse): void {
    const before = this.youngest;
    if (before !== undefined) {
      use.olderUse = before;
      before.youngerUse = use;
    }
    this.youngest = use;
  }

  endUse(use: HandleUse): void {
    if (use === this.youngest && use.olderUse === undefined && this.isOpen) this.youngest = undefined;
    else this.endAmongOthers(use);
  }

  private endAmongOthers(use: HandleUse): void {
    const { olderUse, youngerUse } = use;
    if (youngerUse === undefined) this.youngest = olderUse;
    else youngerUse.olderUse = olderUse;
    if (olderUse !== undefined) olderUse.youngerUse = youngerUse;
    // Whoever keeps an ended use is not to keep those beside it.
    if (olderUse !== youngerUse) use.olderUse = use.youngerUse = undefined;
    if (!this.isOpen && this.youngest === undefined) this.closeHandle();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    OwnedHandle.#collected.unregister(this);
    OwnedHandle.owning.delete(this);
    const uses = [...this.uses()].reverse();
    const closing = new CloseInProgress();
    this.beginUse(closing);
    for (const use of uses) if (this.has(use)) use.handleClosed(); // one may end another
    this.endUse(closing);
  }

  private has(use: HandleUse): boolean {
    return use.youngerUse !== undefined || use === this.youngest;
  }

  private *uses(): Generator<HandleUse> {
    for (let use = this.youngest; use !== undefined; use = use.olderUse) yield use;
  }

  private closeHandle(): void {
    if (!OwnedHandle.#all.delete(this.value)) return; // the thread's exit was first
    forgetHandle(this.value, this.objectState);
    // Nothing can be done about a failure: it means that foreign code has closed our handle.
    kernel.close(this.value);
  }

  static #exitHooked = isMainThread;

  static #closeAtThreadExit(): void {
    if (OwnedHandle.#exitHooked) return;
    OwnedHandle.#exitHooked = true;
    // Without a word to those who use them: what they own is to be found abandoned, as at any other end of a thread, and not released.
    atExit(() => {
      for (const owned of [...OwnedHandle.#all.values()]) {
        owned.isOpen = false;
        owned.closeHandle();
      }
    });
  }
}
