import { isMainThread } from 'node:worker_threads';
import type { Handle } from './kernel/kernel.js';
import { kernel } from './kernel/select.js';

/** A use of one handle beyond a call. It carries its own links to the other uses of the handle, so that each beginning and end costs next to nothing. */
export abstract class HandleUse {
  /** @internal */
  olderUse: HandleUse | undefined = undefined;
  /** @internal */
  youngerUse: HandleUse | undefined = undefined;

  /** @internal Nobody else has the handle any more; this use has it until its `endUse`. */
  abstract handleClosed(): void;
}

/**
 * A handle that this thread has to close, once.
 *
 * Who closes it: `close()`; else the collection of the object in front of it; else, in a worker thread that ends in order, the thread's exit, since
 * the process and with it the handle lives on. A thread that `worker.terminate()` ends runs nothing any more: its handles stay open until the process ends.
 *
 * A wait that pends in a wait thread, and a lock that such a thread took, use the handle: after `close()` the system's handle stays open for them, closed
 * to everybody else, until the last of them has ended. A wait on a handle value that the system may have given to something else never happens.
 */
export class OwnedHandle {
  /** What is open in this thread: nothing may be adopted twice, and the thread's exit closes the rest. */
  static readonly #all = new Map<Handle, OwnedHandle>();
  static readonly #collected = new FinalizationRegistry<OwnedHandle>(owned => owned.close());

  readonly value: Handle;
  #open = true;
  #uses = 0;
  /** The ends of the list of uses; it stands still once the handle is closed. */
  #oldest: HandleUse | undefined;
  #youngest: HandleUse | undefined;

  constructor(value: Handle) {
    this.value = value;
    if (OwnedHandle.#all.size === 0) OwnedHandle.#closeAtThreadExit();
    OwnedHandle.#all.set(value, this);
  }

  static has(value: Handle): boolean {
    return OwnedHandle.#all.has(value);
  }

  get open(): boolean {
    return this.#open;
  }

  /** Ties the handle to the life of the object in front of it. That object must not be reachable from this one. */
  closeWhenCollected(front: object): void {
    OwnedHandle.#collected.register(front, this, this);
  }

  /** All uses of all handles that are open in this thread. */
  static *allUses(): Generator<HandleUse> {
    for (const owned of OwnedHandle.#all.values()) {
      for (let use = owned.#oldest; use !== undefined; use = use.youngerUse) yield use;
    }
  }

  /** A use begins: it is told, once, if the handle is closed before `endUse`. */
  beginUse(use: HandleUse): void {
    this.#uses++;
    const before = this.#youngest;
    use.olderUse = before;
    if (before === undefined) this.#oldest = use;
    else before.youngerUse = use;
    this.#youngest = use;
  }

  endUse(use: HandleUse): void {
    this.#uses--;
    if (this.#open) this.#unlink(use);
    else if (this.#uses === 0) this.#closeHandle();
  }

  #unlink(use: HandleUse): void {
    const { olderUse, youngerUse } = use;
    if (olderUse === undefined) this.#oldest = youngerUse;
    else olderUse.youngerUse = youngerUse;
    if (youngerUse === undefined) this.#youngest = olderUse;
    else youngerUse.olderUse = olderUse;
    // Whoever keeps an ended use is not to keep those beside it.
    use.olderUse = use.youngerUse = undefined;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    OwnedHandle.#collected.unregister(this);
    this.#uses++; // telling them is one too: they may end meanwhile, and the handle is closed once
    for (let use = this.#oldest, next; use !== undefined; use = next) {
      next = use.youngerUse;
      use.olderUse = use.youngerUse = undefined;
      use.handleClosed();
    }
    this.#oldest = this.#youngest = undefined;
    if (--this.#uses === 0) this.#closeHandle();
  }

  #closeHandle(): void {
    OwnedHandle.#all.delete(this.value);
    // Nothing can be done about a failure: it means that foreign code has closed our handle.
    kernel.close(this.value);
  }

  static #exitHooked = isMainThread;

  static #closeAtThreadExit(): void {
    if (OwnedHandle.#exitHooked) return;
    OwnedHandle.#exitHooked = true;
    // Without a word to those who use them: what they own is to be found abandoned, as at any other end of a thread, and not released.
    process.once('exit', () => {
      for (const owned of [...OwnedHandle.#all.values()]) owned.#closeHandle();
    });
  }
}
