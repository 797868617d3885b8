import { isMainThread } from 'node:worker_threads';
import type { Handle } from './kernel/kernel.js';
import { kernel } from './kernel/select.js';

/** Who uses a handle beyond a call. */
export interface HandleUser {
  /** Nobody else has the handle any more; the user has it until its `endUse`. */
  handleClosed(owned: OwnedHandle): void;
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
  #users: Set<HandleUser> | undefined;

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

  /** A use begins: the user is told, once, if the handle is closed before `endUse`. */
  beginUse(user: HandleUser): void {
    this.#uses++;
    (this.#users ??= new Set()).add(user);
  }

  endUse(user: HandleUser): void {
    this.#users?.delete(user);
    if (--this.#uses === 0 && !this.#open) this.#closeHandle();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    OwnedHandle.#collected.unregister(this);
    const users = this.#users;
    this.#users = undefined;
    this.#uses++; // telling the users is one too: they may end theirs meanwhile, and the handle is closed once
    if (users !== undefined) for (const user of users) user.handleClosed(this);
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
