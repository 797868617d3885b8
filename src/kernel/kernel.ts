/**
 * The seam between the public objects and the system: what any kernel must provide. The public objects are written once, above it;
 * a kernel below it may be Windows, or shared memory and futexes, or a model for tests.
 *
 * Arguments are already checked when they come here (names, ranges, kinds), so a kernel only meets failures of the system.
 * A failing call returns its failure value (`undefined`, `0`, `false`, `-1` or `WAIT_FAILED`, as each method says) and leaves the reason in
 * {@link Kernel.failure}. Nothing throws, because the hot path of a wait must not pay for it, and because error classes belong above.
 *
 * A kernel object exists once in each thread, like everything in this library; threads share only what the system shares.
 */

/** A signed 32-bit number on every platform: of a Win32 handle only the low 32 bits are significant, in either bitness. */
export type Handle = number;

/** The kinds that a name can belong to or a wait can take. A `section` is shared memory, which cannot be waited for. */
export type ObjectKind = 'mutex' | 'semaphore' | 'event' | 'timer' | 'process' | 'section';

/** Kinds that are created and opened by name. */
export type NamedKind = Exclude<ObjectKind, 'process'>;

/** Why a call failed: a Win32 error number, and the system function that gave it. */
export interface Failure {
  readonly errno: number;
  readonly syscall: string;
  /** In words, where the number alone would leave people guessing. */
  readonly reason?: string;
  /** Set when it was an argument that the system could not read, such as a security descriptor. */
  readonly argument?: { readonly name: string; readonly allowed: string };
}

export interface Created {
  readonly handle: Handle;
  /** False when an object of that name was there already, and has been opened instead. */
  readonly createdNew: boolean;
}

export interface CreateOptions {
  /** The rights that the handle carries, as Win32's access mask. */
  readonly access: number;
  /** Whether child processes may inherit the handle. */
  readonly inheritable: boolean;
  /** `'user'`, `'everyone'` or a security descriptor in SDDL. Without effect on an object that exists. */
  readonly security: string;
}

/** A section, mapped into this process. */
export interface Mapping {
  readonly buffer: ArrayBuffer;
  /** Takes the memory away from `buffer` and every view on it; where the runtime cannot do that, it goes when `buffer` is collected. */
  unmap(): void;
}

/** A mutex that need not be looked up by its handle each time. Only for as long as the handle is open. */
export interface KernelMutex {
  /**
   * As `wait` with a timeout of 0, but for a token of this thread: until `release`, the kernel refuses the mutex to the thread too. So exclusion does not depend
   * on what copies of the library know of each other. Of a failure only `wait` tells the reason.
   */
  tryTakeForToken(): number;
  /** What this thread has just taken by a wait is a token's, likewise. */
  belongToToken(): void;
  /** As `releaseMutex`, which alone tells the reason of a failure. */
  release(): boolean;
}

export interface Kernel {
  /** How many objects one wait can take. */
  readonly maximumWaitObjects: number;
  /** Why the last call that reported failure failed. Meaningless after a call that succeeded. */
  readonly failure: Failure;

  /** What is decided once, when the library is loaded or the kernel first used, and must hold for a thread and its wait threads alike: plain data that can be sent to another thread. */
  readonly settings: unknown;
  /** A wait thread of this thread has met this failure: what it means for all calls, it means for this thread's too. */
  learn(failure: Failure): void;
  /** Takes over the `settings` of another thread, whose handles this one is to wait for. Before any other call. */
  adopt(settings: unknown): void;

  /** Whether `Local\` and `Global\` lead to one space of names, so that `Local\x` and `Global\x` are one object. */
  readonly namespacesAreOne: boolean;

  createMutex(name: string | undefined, initiallyOwned: boolean, options: CreateOptions): Created | undefined;
  createSemaphore(name: string | undefined, initialCount: number, maximumCount: number, options: CreateOptions): Created | undefined;
  createEvent(name: string | undefined, manualReset: boolean, initialState: boolean, options: CreateOptions): Created | undefined;
  createTimer(name: string | undefined, manualReset: boolean, options: CreateOptions): Created | undefined;
  createSection(name: string | undefined, byteLength: number, options: CreateOptions): Created | undefined;

  /** 0 on failure. */
  open(kind: NamedKind, name: string, access: number, inheritable: boolean): Handle;
  /** A handle that becomes signalled when the process has ended; 0 on failure. */
  openProcess(processId: number): Handle;
  /** Another handle to the same object with the same rights; 0 on failure. */
  duplicate(handle: Handle, inheritable: boolean): Handle;
  /** Where a handle lasts no longer than a thread of its process: makes it last as long as the calling one. */
  takeOver(handle: Handle): boolean;
  close(handle: Handle): boolean;

  /** What the handle refers to: a kind of this library, the system's own word for another kind, or `undefined` when it refers to nothing. */
  kindOf(handle: Handle): string | undefined;
  /** Whether two handles refer to the same object. */
  sameObject(first: Handle, second: Handle): boolean;
  /** Which process the handle refers to, in a word that no other process ever has, as its id may be; `undefined` where that cannot be known. */
  processOf(handle: Handle): string | undefined;

  /**
   * A text that two handles of this process have in common exactly if they refer to the same object; it stands for that object while one of them is open. `undefined` where only
   * `sameObject` can tell.
   */
  identify(handle: Handle): string | undefined;

  /**
   * Notes that the mutex of this canonical name has an owner, so that it is known after the end of all processes, until the machine's next start at least. For this user alone.
   *
   * Gives whether that was noted already; `undefined` on failure.
   */
  markOwned(name: string): boolean | undefined;
  /** Takes the note back. A failure leaves it. */
  unmarkOwned(name: string): void;

  releaseMutex(handle: Handle): boolean;
  /** How often the calling thread owns the mutex by its own waits; `undefined` if the handle does not allow to ask. */
  ownedDepth(handle: Handle): number | undefined;
  /** `undefined` where that would be no quicker than the handle, or the handle is not one to wait with. */
  mutexOf(handle: Handle): KernelMutex | undefined;
  /** The count before the release; -1 on failure. */
  releaseSemaphore(handle: Handle, count: number): number;
  setEvent(handle: Handle): boolean;
  resetEvent(handle: Handle): boolean;
  /** `due` in ms: from now, or since 1970 when `absolute`. `period` in ms, 0 for once. */
  setTimer(handle: Handle, due: number, absolute: boolean, period: number): boolean;
  cancelTimer(handle: Handle): boolean;

  /** Blocks this thread; a timeout of 0 never does. `timeout` in ms up to `MAXIMUM_TIMEOUT`, or `INFINITE`. Gives a `WAIT_…` status. */
  wait(handle: Handle, timeout: number): number;
  /** The same for up to `maximumWaitObjects`: any one of them, the lowest signalled index first, or all at once. */
  waitMany(handles: readonly Handle[], all: boolean, timeout: number): number;
  /** As `waitMany` for all, but ends with `WAIT_INTERRUPTED` when another thread calls `interrupt`, or did so before. */
  waitAllInterruptibly(handles: readonly Handle[], timeout: number): number;
  /**
   * Who takes what a wait thread has waited for. `'wait-thread'`: the thread that waits; a Win32 wait cannot but take, and a mutex then belongs to that thread.
   * `'caller'`: a wait thread only watches, and the thread that asked tries by itself, so that it is the owner.
   */
  readonly takenBy: 'wait-thread' | 'caller';
  /**
   * Blocks until a `waitMany` of the same objects could succeed, and takes nothing; somebody else may be quicker then, but not again and again. Only where `takenBy` is `'caller'`.
   *
   * For any: `WAIT_OBJECT_0` + the lowest index that is signalled. For all: `WAIT_OBJECT_0`, or `WAIT_INTERRUPTED` as `waitAllInterruptibly`.
   *
   * @param isWanted - Of a wait for any: whether an object may still be kept for the caller. It is asked before and after.
   */
  watch(handles: readonly Handle[], all: boolean, timeout: number, isWanted?: () => boolean): number;
  /**
   * The calling thread has tried in vain what it was told was free: others are to let it go first, once, unless they have waited longer. Without effect where the system is fair by itself.
   *
   * @param waited - For how long it has waited, in ms.
   */
  prefer(handle: Handle, waited: number): void;
  /** The opposite: nobody in the calling thread waits any more. Watches may have had it preferred, too. */
  stopPreferring(handle: Handle): void;

  /** A handle of the calling thread, for others to `interrupt` it; 0 on failure. It has to be closed. */
  openCurrentThread(): Handle;
  /** Ends the interruptible wait that a thread is in, or else its next one. */
  interrupt(thread: Handle): boolean;
  /** Signals one object and waits for another. Others may see the signal a moment before this thread waits. */
  signalAndWait(toSignal: Handle, toWaitFor: Handle, timeout: number): number;

  /** Maps the first `byteLength` bytes of a section, for reading and writing. */
  mapSection(handle: Handle, byteLength: number): Mapping | undefined;
}
