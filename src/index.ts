export { channels, type Held, type Pending, type WaitMessage } from './async/diagnostics.js';
export { MutexLock, Permit, type Lock, type LockInJson } from './async/locks.js';
export { snapshot, type Snapshot } from './async/snapshot.js';
export { setWaitThread } from './async/wait-thread-location.js';
export type {
  AsyncEvent, AsyncLock, AsyncMutex, AsyncSemaphore, AsyncWaitable, AsyncWaitResult, WaitOptions, WaitStatus,
} from './contract.js';
export { AccessDeniedError, ClosedError, DeadlockError, InvalidNameError, KindMismatchError, LimitExceededError, NotFoundError, NotOwnerError, SyncError, TimeoutError, UnsupportedPlatformError } from './errors.js';
export { Event, type EventOptions } from './event.js';
export type { ObjectKind } from './kernel/kernel.js';
export { fromHandle, type FromHandleOptions } from './from-handle.js';
export { Mutex, type MutexOptions } from './mutex.js';
export { MAXIMUM_NAME_LENGTH, safeName } from './names.js';
export type { AccessRight, ObjectOptions, OpenOptions } from './options.js';
export { Process } from './process.js';
export { Semaphore, type SemaphoreOptions } from './semaphore.js';
export { Timer, type TimerOptions, type TimerSetOptions } from './timer.js';
export { signalAndWaitSync, waitAll, waitAllSync, waitAny, waitAnySync } from './wait.js';
export { Waitable, type ObjectInJson, type WaitResult } from './waitable.js';
