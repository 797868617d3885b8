import { isMainThread } from 'node:worker_threads';
import type { Handle } from './kernel/kernel.js';
import { kernel } from './kernel/select.js';

/**
 * A handle that this thread has to close, once.
 *
 * Who closes it: `close()`; else the collection of the object in front of it; else, in a worker thread that ends in order, the thread's exit, since
 * the process and with it the handle lives on. A thread that `worker.terminate()` ends runs nothing any more: its handles stay open until the process ends.
 */
export class OwnedHandle {
  /** What is open in this thread: nothing may be adopted twice, and the thread's exit closes the rest. */
  static readonly #all = new Map<Handle, OwnedHandle>();
  static readonly #collected = new FinalizationRegistry<OwnedHandle>(owned => owned.close());

  readonly value: Handle;
  #open = true;

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

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    OwnedHandle.#all.delete(this.value);
    OwnedHandle.#collected.unregister(this);
    // Nothing can be done about a failure: it means that foreign code has closed our handle.
    kernel.close(this.value);
  }

  static #exitHooked = isMainThread;

  static #closeAtThreadExit(): void {
    if (OwnedHandle.#exitHooked) return;
    OwnedHandle.#exitHooked = true;
    process.once('exit', () => {
      for (const owned of [...OwnedHandle.#all.values()]) owned.close();
    });
  }
}
