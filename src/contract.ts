/*
 * The asynchronous half of the API, as interfaces: what code may rely on that is to run with the objects of one machine and
 * with those of several. The local classes satisfy them. What a local object does at once may take a round trip elsewhere,
 * so where a value or a promise of it is allowed, callers write `await`.
 *
 * This file imports nothing.
 */

/** What may end a wait from outside. */
export interface WaitOptions {
  /** In ms, from the call, as for `waitSync`: 0 and less only try; `undefined` and `Infinity` wait for ever. */
  readonly timeout?: number | undefined;
  /**
   * Ends the wait: its promise rejects with the signal's reason. If the object was won before, the wait succeeds all the
   * same.
   */
  readonly signal?: AbortSignal | undefined;
}

/**
 * - `'signaled'`: the wait succeeded.
 * - `'abandoned'`: it succeeded too, and the caller now owns a mutex whose last owner ended without releasing it. What the
 *   mutex protects may be half-changed.
 * - `'timeout'`: nothing was taken.
 */
export type WaitStatus = 'signaled' | 'abandoned' | 'timeout';

/** What the code that holds a mutex or a permit has of it. It is released once. */
export interface AsyncLock extends AsyncDisposable {
  /** Whether the last owner ended without releasing it. */
  readonly abandoned: boolean;
  /** Whether it is still to be released. */
  readonly held: boolean;
  /** @throws `NotOwnerError` if it has been released already. */
  release(): void | PromiseLike<void>;
}

/** What became of an asynchronous wait. */
export interface AsyncWaitResult<Waited, Lock extends AsyncLock> {
  readonly status: WaitStatus;
  /** Which of the objects was taken; 0 for a wait on one object or on all of them, -1 on timeout. */
  readonly index: number;
  /** The object taken; `undefined` on timeout, and for a wait on all. */
  readonly object: Waited | undefined;
  /** What the caller now holds: one for each mutex and each semaphore taken. */
  readonly locks: readonly Lock[];
}

/** An object that code waits for without blocking its thread. */
export interface AsyncWaitable {
  readonly name: string | undefined;
  readonly closed: boolean;
  /** Rejects with the signal's reason, or with `ClosedError` if the object is closed meanwhile. */
  wait(options?: WaitOptions): Promise<AsyncWaitResult<AsyncWaitable, AsyncLock>>;
  close(): void | PromiseLike<void>;
}

/** One at a time. */
export interface AsyncMutex<Lock extends AsyncLock = AsyncLock> extends AsyncWaitable {
  /** Rejects with `TimeoutError` when the time is up. */
  acquire(options?: WaitOptions): Promise<Lock>;
  tryAcquire(): Lock | undefined | PromiseLike<Lock | undefined>;
  /** Runs the function while it holds the lock, and releases the lock at its end. */
  runExclusive<Result>(
    run: (lock: Lock) => Result | PromiseLike<Result>,
    options?: WaitOptions,
  ): Promise<Result>;
}

/** N at a time. */
export interface AsyncSemaphore<Lock extends AsyncLock = AsyncLock> extends AsyncWaitable {
  acquire(options?: WaitOptions): Promise<Lock>;
  tryAcquire(): Lock | undefined | PromiseLike<Lock | undefined>;
  /** Gives the count that it had before. */
  release(count?: number): number | PromiseLike<number>;
}

/** A signal. */
export interface AsyncEvent extends AsyncWaitable {
  set(): void | PromiseLike<void>;
  reset(): void | PromiseLike<void>;
}
