import { Event, Mutex, Semaphore, Timer, type ObjectOptions, type OpenOptions, type Waitable } from 'waitable';

/** One of the kinds that have names, for tests that hold for all of them. */
export interface Kind<Word extends string = 'mutex' | 'semaphore' | 'event' | 'timer'> {
  readonly kind: Word;
  readonly createFunction: string;
  readonly openFunction: string;
  /** Free to be taken, but for a timer, which is not set. */
  readonly create: (name?: string, options?: ObjectOptions) => Waitable;
  readonly open: (name: string, options?: OpenOptions) => Waitable;
  readonly tryOpen: (name: string, options?: OpenOptions) => Waitable | undefined;
}

export const MUTEX: Kind<'mutex'> = {
  kind: 'mutex',
  createFunction: 'CreateMutexExW',
  openFunction: 'OpenMutexW',
  create: (name, options) => Mutex.create(name, options),
  open: (name, options) => Mutex.open(name, options),
  tryOpen: (name, options) => Mutex.tryOpen(name, options),
};

export const SEMAPHORE: Kind<'semaphore'> = {
  kind: 'semaphore',
  createFunction: 'CreateSemaphoreExW',
  openFunction: 'OpenSemaphoreW',
  create: (name, options) => Semaphore.create(name, { initialCount: 1, maximumCount: 2, ...options }),
  open: (name, options) => Semaphore.open(name, options),
  tryOpen: (name, options) => Semaphore.tryOpen(name, options),
};

export const EVENT: Kind<'event'> = {
  kind: 'event',
  createFunction: 'CreateEventExW',
  openFunction: 'OpenEventW',
  create: (name, options) => Event.create(name, { initialState: true, ...options }),
  open: (name, options) => Event.open(name, options),
  tryOpen: (name, options) => Event.tryOpen(name, options),
};

export const TIMER: Kind<'timer'> = {
  kind: 'timer',
  createFunction: 'CreateWaitableTimerExW',
  openFunction: 'OpenWaitableTimerW',
  create: (name, options) => Timer.create(name, options),
  open: (name, options) => Timer.open(name, options),
  tryOpen: (name, options) => Timer.tryOpen(name, options),
};

export const KINDS: readonly Kind[] = [MUTEX, SEMAPHORE, EVENT, TIMER];
