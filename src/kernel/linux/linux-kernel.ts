import { MODIFY_STATE, SYNCHRONIZE } from '../access.js';
import type { Created, CreateOptions, Failure, Handle, Kernel, KernelMutex, Mapping, NamedKind } from '../kernel.js';
import {
  ERROR_ACCESS_DENIED, ERROR_FILE_INVALID, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_OWNER, ERROR_NOT_SUPPORTED,
  ERROR_TOO_MANY_OPEN_FILES, ERROR_TOO_MANY_POSTS, WAIT_ABANDONED_0, WAIT_FAILED, WAIT_OBJECT_0,
} from '../status.js';
import { now } from './system/clock.js';
import { EINVAL, EMFILE, ENFILE, ENOENT, ENOSYS, ESRCH } from './system/errno.js';
import { FileFailure } from './file/failure.js';
import {
  KIND_AUTO_EVENT, KIND_AUTO_TIMER, KIND_MANUAL_EVENT, KIND_MANUAL_TIMER, KIND_MUTEX, KIND_PROCESS, KIND_SECTION, KIND_SEMAPHORE, OBJECT, objectPlace, SHARED_FILE_BIT,
} from './file/layout.js';
import { MutexObject } from './objects/mutex.js';
import { KIND_NAMES, type Fill } from './named-objects.js';
import { Namespace } from './names.js';
import { openedAs, type Opened } from './open-handle.js';
import { OwnerMarks } from './owner-marks.js';
import { startOfOpened } from './system/process-stat.js';
import { stands } from './tables/handle-table.js';
import { makeSectionFile, mapSectionFile } from './file/section-file.js';
import { Settings, type SettingsData } from './file/settings.js';
import type { SharedObject } from './objects/shared-object.js';
import type { Session } from './session.js';
import { Sessions } from './sessions.js';
import { MAXIMUM_SLEEP } from './system/system.js';
import { sessionsOf, waitForAll, waitForAny, waitForOne, watchForAll, watchForAny } from './waits.js';

const EVENT_RIGHTS = SYNCHRONIZE | MODIFY_STATE;

/** Win32's words for what callers do: errors say the same on every kernel. */
const CREATE = { mutex: 'CreateMutexExW', semaphore: 'CreateSemaphoreExW', event: 'CreateEventExW', timer: 'CreateWaitableTimerExW', section: 'CreateFileMappingW' } as const;
const OPEN = { mutex: 'OpenMutexW', semaphore: 'OpenSemaphoreW', event: 'OpenEventW', timer: 'OpenWaitableTimerW', section: 'OpenFileMappingW' } as const;
const WAIT_ONE = 'WaitForSingleObject';
const WAIT_MANY = 'WaitForMultipleObjects';

const TOO_MANY_OWNED = { errno: ERROR_NO_SYSTEM_RESOURCES, reason: 'this thread owns 1,900 mutexes already, which is as many as the system can look after' };

/** Handles of other threads that are remembered. */
const REMEMBERED = 1024;

/**
 * The objects of Win32 over a file in shared memory and futexes: no daemon, no native addon. `layout.ts` says what is in the file; `shared-object.ts` and its subclasses what a wait and a signal do; `repair.ts` and
 * the tables beside them what becomes of a death at any instruction.
 *
 * Errors have Win32's numbers, and name the Win32 function that does the same: what callers branch on is the same on every kernel.
 */
export class LinuxKernel implements Kernel {
  readonly maximumWaitObjects = MAXIMUM_SLEEP;
  /** A mutex belongs to the thread that takes it, and no thread can take it for another. */
  readonly takenBy = 'caller';
  failure: Failure = { errno: 0, syscall: '' };

  readonly #settings: Settings;
  readonly #sessions: Sessions;
  readonly #namespace: Namespace;
  readonly #ownerMarks: OwnerMarks;
  /** Handles of this thread, and of others that it was told of. */
  readonly #opened = new Map<Handle, Opened>();
  #last: Opened | undefined;
  #interruption: Handle = 0;

  readonly namespacesAreOne = false;

  constructor(settings = new Settings()) {
    this.#settings = settings;
    this.#sessions = new Sessions(settings);
    this.#namespace = new Namespace(this.#sessions);
    this.#ownerMarks = new OwnerMarks(this.#sessions, settings);
  }

  get settings(): SettingsData {
    return this.#settings.data;
  }

  adopt(settings: unknown): void {
    this.#settings.adopt(settings as SettingsData);
  }

  createMutex(name: string | undefined, initiallyOwned: boolean, options: CreateOptions): Created | undefined {
    return this.#create('mutex', name, options, KIND_MUTEX, (session, at) => {
      // Before anybody can find it.
      if (initiallyOwned && new MutexObject(session, session.objectTable.indexAt(at), session.client).tryTake() !== WAIT_OBJECT_0) throw new FileFailure({ ...TOO_MANY_OWNED, syscall: CREATE.mutex });
    });
  }

  createSemaphore(name: string | undefined, initialCount: number, maximumCount: number, options: CreateOptions): Created | undefined {
    return this.#create('semaphore', name, options, KIND_SEMAPHORE, ({ words }, at) => {
      words[at + OBJECT.WORD] = initialCount;
      words[at + OBJECT.VALUE] = maximumCount;
    });
  }

  createEvent(name: string | undefined, manualReset: boolean, initialState: boolean, options: CreateOptions): Created | undefined {
    return this.#create('event', name, options, manualReset ? KIND_MANUAL_EVENT : KIND_AUTO_EVENT, ({ words }, at) => {
      words[at + OBJECT.WORD] = initialState ? 1 : 0;
    });
  }

  createTimer(name: string | undefined, manualReset: boolean, options: CreateOptions): Created | undefined {
    return this.#create('timer', name, options, manualReset ? KIND_MANUAL_TIMER : KIND_AUTO_TIMER, () => undefined);
  }

  createSection(name: string | undefined, byteLength: number, options: CreateOptions): Created | undefined {
    return this.#create('section', name, options, KIND_SECTION, ({ doubles, file, system, objectTable }, at, generation) => {
      doubles[(at + OBJECT.QUANTITY) / 2] = byteLength;
      return makeSectionFile(system.files, file, objectTable.indexAt(at), generation, byteLength);
    });
  }

  #create(kind: NamedKind, name: string | undefined, options: CreateOptions, code: number, fill: Fill): Created | undefined {
    return this.attempt(CREATE[kind], () => this.#namespace.create(kind, name, options, code, fill));
  }

  open(kind: NamedKind, name: string, access: number, inheritable: boolean): Handle {
    return this.attempt(OPEN[kind], () => this.#namespace.open(kind, name, access, inheritable)) ?? 0;
  }

  openProcess(processId: number): Handle {
    return this.attempt('OpenProcess', () => {
      const session = this.#sessions.of('user', true);
      // Beyond what an id can be, the number would come out as another.
      const descriptor = processId > 0x7fffffff ? -1 : session.system.openProcess(processId);
      if (descriptor < 0) throw new FileFailure({ errno: processId > 0x7fffffff ? ERROR_INVALID_PARAMETER : processError(session.system.errno), syscall: '' });
      const start = startOfOpened(session.system.files, processId, descriptor);
      let kept = false as boolean;
      try {
        return session.changing(() => {
          const { objectTable, ownDescriptors, handleTable } = session;
          objectTable.sweepDescriptors();
          const index = objectTable.make(KIND_PROCESS, undefined, (at, generation) => {
            session.doubles[(at + OBJECT.QUANTITY) / 2] = start;
            session.words[at + OBJECT.PERIOD] = processId;
            ownDescriptors.add(objectTable.indexAt(at), generation, descriptor);
            kept = true;
            return undefined;
          });
          try {
            return handleTable.open(index, SYNCHRONIZE, false);
          } catch (error) {
            objectTable.free(index);
            throw error;
          }
        });
      } finally {
        if (!kept) session.system.files.close(descriptor);
      }
    }) ?? 0;
  }

  duplicate(handle: Handle, inheritable: boolean): Handle {
    const opened = this.resolve(handle, 'DuplicateHandle');
    if (opened === undefined) return 0;
    const { session, object, access } = opened;
    return this.attempt('DuplicateHandle', () => session.changing(() => session.handleTable.open(object, access, inheritable))) ?? 0;
  }

  takeOver(handle: Handle): boolean {
    const syscall = 'DuplicateHandle';
    const opened = this.resolve(handle, syscall);
    if (opened === undefined) return false;
    const { session, client } = opened;
    if (client === session.client) return true;
    // What is remembered of it takes for the other thread.
    this.#opened.delete(handle);
    this.#last = undefined;
    const taken = this.attempt(syscall, () => session.locked(() => session.handleTable.takeOver(opened)));
    return taken === false ? this.#refuse(ERROR_INVALID_HANDLE, syscall) : taken === true;
  }

  close(handle: Handle): boolean {
    const opened = this.resolve(handle, 'CloseHandle');
    if (opened === undefined) return false;
    const { session, index, object, mutex } = opened;
    this.#opened.delete(handle);
    this.#last = undefined;
    const closed = this.attempt('CloseHandle', () => session.changing(() => {
      const place = objectPlace(object);
      if (session.words[place + OBJECT.REFERENCES] === 1) mutex?.discard();
      session.handleTable.close(index);
      return true;
    })) ?? false;
    // Whoever keeps the names of all users keeps no handle open.
    return closed || session.handleTable.drop(opened);
  }

  kindOf(handle: Handle): string | undefined {
    const opened = this.resolve(handle, 'GetHandleInformation');
    return opened && KIND_NAMES[opened.kind];
  }

  sameObject(first: Handle, second: Handle): boolean {
    const one = this.resolve(first, 'CompareObjectHandles');
    const other = this.resolve(second, 'CompareObjectHandles');
    if (one === undefined || other === undefined) return false;
    if (one.session === other.session && one.object === other.object) return true;
    // Each open of a process makes an object of its own.
    const process = processIn(one);
    return process !== undefined && process === processIn(other);
  }

  processOf(handle: Handle): string | undefined {
    const opened = this.resolve(handle, 'GetProcessTimes');
    return opened && processIn(opened);
  }

  identify(handle: Handle): string | undefined {
    const opened = this.resolve(handle, 'CompareObjectHandles');
    // Of copies of this library that use files of their own, each has its file elsewhere in memory.
    return opened && `${opened.session.file.address} ${opened.object}`;
  }

  ownedDepth(handle: Handle): number | undefined {
    return this.resolve(handle, 'ReleaseMutex')?.mutex?.ownedDepth;
  }

  markOwned(name: string): boolean | undefined {
    return this.attempt('CreateFileW', () => this.#ownerMarks.make(name));
  }

  unmarkOwned(name: string): void {
    this.attempt('DeleteFileW', () => this.#ownerMarks.remove(name));
  }

  releaseMutex(handle: Handle): boolean {
    const opened = this.resolve(handle, 'ReleaseMutex');
    return opened?.mutex?.release() === true || this.#refuseRelease(opened);
  }

  /** @param opened - `undefined`: the reason is known. */
  #refuseRelease(opened: Opened | undefined): false {
    return opened !== undefined && this.#refuse(opened.mutex === undefined ? ERROR_INVALID_HANDLE : ERROR_NOT_OWNER, 'ReleaseMutex');
  }

  mutexOf(handle: Handle): KernelMutex | undefined {
    const opened = this.resolve(handle, WAIT_ONE);
    return opened?.waitable && opened.mutex;
  }

  releaseSemaphore(handle: Handle, count: number): number {
    const opened = this.resolve(handle, 'ReleaseSemaphore');
    const shared = this.#modifiable(opened, opened?.semaphore, 'ReleaseSemaphore');
    if (shared === undefined) return -1;
    const previous = shared.release(count);
    if (previous < 0) this.#refuse(ERROR_TOO_MANY_POSTS, 'ReleaseSemaphore');
    return previous;
  }

  setEvent(handle: Handle): boolean {
    const opened = this.resolve(handle, 'SetEvent');
    const shared = this.#modifiable(opened, opened?.event, 'SetEvent');
    shared?.set();
    return shared !== undefined;
  }

  resetEvent(handle: Handle): boolean {
    const opened = this.resolve(handle, 'ResetEvent');
    const shared = this.#modifiable(opened, opened?.event, 'ResetEvent');
    shared?.reset();
    return shared !== undefined;
  }

  setTimer(handle: Handle, due: number, absolute: boolean, period: number): boolean {
    const opened = this.resolve(handle, 'SetWaitableTimer');
    const shared = this.#modifiable(opened, opened?.timer, 'SetWaitableTimer');
    return shared !== undefined && this.attempt('SetWaitableTimer', () => {
      shared.set(due, absolute, period);
      return true;
    }) === true;
  }

  cancelTimer(handle: Handle): boolean {
    const opened = this.resolve(handle, 'CancelWaitableTimer');
    const shared = this.#modifiable(opened, opened?.timer, 'CancelWaitableTimer');
    return shared !== undefined && this.attempt('CancelWaitableTimer', () => {
      shared.cancel();
      return true;
    }) === true;
  }

  wait(handle: Handle, timeout: number): number {
    const last = this.#last;
    // The same handle again, and free: a lock that is taken over and over costs no more than this.
    const status = last?.handle === handle && stands(last) ? last.waitable?.tryTake() : undefined;
    return status === WAIT_OBJECT_0 || status === WAIT_ABANDONED_0 ? status : this.#wait(handle, timeout);
  }

  #wait(handle: Handle, timeout: number): number {
    const shared = this.#toWait(handle, WAIT_ONE);
    if (shared === undefined) return WAIT_FAILED;
    return this.#waited(WAIT_ONE, () => waitForOne(shared, timeout));
  }

  waitMany(handles: readonly Handle[], all: boolean, timeout: number): number {
    const objects = this.#allToWait(handles);
    if (objects === undefined) return WAIT_FAILED;
    if (!all || objects.length === 1) return this.#waited(WAIT_MANY, () => waitForAny(objects, timeout));
    return this.#waitForAll(objects, timeout, undefined);
  }

  waitAllInterruptibly(handles: readonly Handle[], timeout: number): number {
    const interruption = this.#interruptionObject();
    const objects = this.#allToWait(handles);
    if (interruption === undefined || objects === undefined) return WAIT_FAILED;
    return this.#waitForAll(objects, timeout, interruption);
  }

  #waitForAll(objects: readonly SharedObject[], timeout: number, interruption: SharedObject | undefined): number {
    const [session, another] = sessionsOf(objects);
    if (another !== undefined) {
      this.#fail({ errno: ERROR_NOT_SUPPORTED, syscall: WAIT_MANY, reason: 'objects that all users share cannot be waited for together with a user\'s own' });
      return WAIT_FAILED;
    }
    if (session?.list.full === true) return this.#status(WAIT_FAILED, WAIT_MANY);
    return this.attempt(WAIT_MANY, () => waitForAll(objects, session, timeout, interruption)) ?? WAIT_FAILED;
  }

  watch(handles: readonly Handle[], all: boolean, timeout: number, isWanted?: () => boolean): number {
    const objects = this.#allToWait(handles);
    if (objects === undefined) return WAIT_FAILED;
    if (!all) return this.#waited(WAIT_MANY, () => watchForAny(objects, timeout, isWanted));
    const interruption = this.#interruptionObject();
    return interruption === undefined ? WAIT_FAILED : this.#waited(WAIT_MANY, () => watchForAll(objects, timeout, interruption));
  }

  prefer(handle: Handle, waited: number): void {
    this.resolve(handle, WAIT_ONE)?.waitable?.reserve(now() - waited);
  }

  stopPreferring(handle: Handle): void {
    this.resolve(handle, WAIT_ONE)?.waitable?.forgetWait();
  }

  openCurrentThread(): Handle {
    // An event that only this thread waits for stands for it.
    this.#interruption = this.createEvent(undefined, false, false, { access: EVENT_RIGHTS, inheritable: false, security: 'user' })?.handle ?? 0;
    return this.#interruption;
  }

  interrupt(thread: Handle): boolean {
    return this.setEvent(thread);
  }

  #interruptionObject(): SharedObject | undefined {
    // Of a failure, the reason stays.
    if (this.#interruption === 0 && this.openCurrentThread() === 0) return undefined;
    return this.#toWait(this.#interruption, WAIT_MANY);
  }

  signalAndWait(toSignal: Handle, toWaitFor: Handle, timeout: number): number {
    const syscall = 'SignalObjectAndWait';
    // Whatever may be refused is, before the signal.
    const awaited = this.#toWait(toWaitFor, syscall);
    if (awaited === undefined || !this.#signal(toSignal, syscall)) return WAIT_FAILED;
    return this.#waited(syscall, () => waitForOne(awaited, timeout));
  }

  #signal(handle: Handle, syscall: string): boolean {
    const opened = this.resolve(handle, syscall);
    if (opened === undefined) return false;
    const { mutex, semaphore, event, access } = opened;
    if (mutex !== undefined) return mutex.release() || this.#refuse(ERROR_NOT_OWNER, syscall);
    if (semaphore === undefined && event === undefined) return this.#refuse(ERROR_INVALID_HANDLE, syscall);
    if ((access & MODIFY_STATE) === 0) return this.#refuse(ERROR_ACCESS_DENIED, syscall);
    event?.set();
    return semaphore === undefined || semaphore.release(1) >= 0 || this.#refuse(ERROR_TOO_MANY_POSTS, syscall);
  }

  mapSection(handle: Handle, byteLength: number): Mapping | undefined {
    const opened = this.resolve(handle, 'MapViewOfFile');
    if (opened === undefined) return undefined;
    const { session, object } = opened;
    const generation = session.words[objectPlace(object) + OBJECT.GENERATION] ?? 0;
    return this.attempt('MapViewOfFile', () => mapSectionFile(session.system, session.file, object, generation, byteLength));
  }

  /** What an open handle of this process refers to; `undefined` on failure. */
  resolve(handle: Handle, syscall: string): Opened | undefined {
    const last = this.#last;
    return last?.handle === handle && stands(last) ? last : this.#resolveAnother(handle, syscall);
  }

  #resolveAnother(handle: Handle, syscall: string): Opened | undefined {
    const known = this.#opened.get(handle);
    if (known !== undefined && stands(known)) return this.#remember(known);
    this.#opened.delete(handle);
    return this.#look(handle, syscall);
  }

  #look(handle: Handle, syscall: string): Opened | undefined {
    const session = this.sessionOf(handle, syscall);
    if (session === undefined) return undefined;
    const reference = handle > 0 ? session.handleTable.resolve(handle) : undefined;
    if (reference === undefined) {
      this.#refuse(ERROR_INVALID_HANDLE, syscall);
      return undefined;
    }
    const kind = session.words[objectPlace(reference.object) + OBJECT.KIND] ?? 0;
    const opened = openedAs(reference, session, kind);
    if (this.#opened.size >= REMEMBERED && reference.client !== session.client) this.#forgetOthers();
    this.#opened.set(handle, opened);
    return this.#remember(opened);
  }

  /** For the quick way of a wait, which looks at nothing else: not once the files are known to have been removed. */
  #remember(opened: Opened): Opened {
    this.#last = opened.session.file.gone ? undefined : opened;
    return opened;
  }

  /** What this thread takes from now on is looked at closely, and refused if its file has been removed. */
  #noticeRemoval(): void {
    this.#last = undefined;
    this.#sessions.noticeRemoval();
  }

  learn({ errno }: Failure): void {
    if (errno !== ERROR_FILE_INVALID) return;
    this.#sessions.lookAgain();
    this.#noticeRemoval();
  }

  /** Of the file that the handle belongs to. */
  sessionOf(handle: Handle, syscall: string): Session | undefined {
    return this.attempt(syscall, () => {
      const session = this.#sessions.ofHandle((handle & SHARED_FILE_BIT) === 0 ? 'user' : 'everyone');
      if (session === undefined) throw new FileFailure({ errno: ERROR_INVALID_HANDLE, syscall });
      return session;
    });
  }

  /** Nobody says when another thread closes a handle of its own. */
  #forgetOthers(): void {
    for (const { handle, client, session } of this.#opened.values()) if (client !== session.client) this.#opened.delete(handle);
  }

  #toWait(handle: Handle, syscall: string): SharedObject | undefined {
    const opened = this.resolve(handle, syscall);
    if (opened === undefined) return undefined;
    const { shared, access, session: { file } } = opened;
    if (shared === undefined) this.#refuse(ERROR_INVALID_HANDLE, syscall);
    else if ((access & SYNCHRONIZE) === 0) this.#refuse(ERROR_ACCESS_DENIED, syscall);
    else if (file.gone) this.attempt(syscall, () => file.check());
    else return shared;
    return undefined;
  }

  #allToWait(handles: readonly Handle[]): SharedObject[] | undefined {
    const objects: SharedObject[] = [];
    for (const handle of handles) {
      const shared = this.#toWait(handle, WAIT_MANY);
      if (shared === undefined) return undefined;
      objects.push(shared);
    }
    return objects;
  }

  /** The object, if the handle is of its kind and has the right to change it. */
  #modifiable<Kind>(opened: Opened | undefined, shared: Kind | undefined, syscall: string): Kind | undefined {
    if (opened === undefined) return undefined;
    if (shared === undefined) this.#refuse(ERROR_INVALID_HANDLE, syscall);
    else if ((opened.access & MODIFY_STATE) === 0) this.#refuse(ERROR_ACCESS_DENIED, syscall);
    else return shared;
    return undefined;
  }

  /** Of a wait that may sleep, and so find out that the files have been removed. */
  #waited(syscall: string, wait: () => number): number {
    const status = this.attempt(syscall, wait);
    return status === undefined ? WAIT_FAILED : this.#status(status, syscall);
  }

  #status(status: number, syscall: string): number {
    if (status === WAIT_FAILED) {
      this.#fail({ ...TOO_MANY_OWNED, syscall });
    }
    return status;
  }

  /** Runs what may fail for want of the files. */
  attempt<Result>(syscall: string, action: () => Result): Result | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof FileFailure)) throw error;
      if (error.failure.errno === ERROR_FILE_INVALID) this.#noticeRemoval();
      this.failure = error.failure.syscall === '' ? { ...error.failure, syscall } : error.failure;
      return undefined;
    }
  }

  #refuse(errno: number, syscall: string): false {
    this.failure = { errno, syscall };
    return false;
  }

  #fail(failure: Failure): undefined {
    this.failure = failure;
    return undefined;
  }
}

/** Equal for two handles exactly when they refer to the same process. */
function processIn({ kind, session, object }: Opened): string | undefined {
  if (kind !== KIND_PROCESS) return undefined;
  const at = objectPlace(object);
  const start = session.doubles[(at + OBJECT.QUANTITY) / 2] ?? -1;
  return start < 0 ? undefined : `${session.words[at + OBJECT.PERIOD]} since ${start}`;
}

/** Windows says "invalid parameter" of an id that nobody has. */
function processError(errno: number): number {
  switch (errno) {
    case ENOENT: // a thread's id
    case ESRCH:
    case EINVAL: return ERROR_INVALID_PARAMETER;
    case EMFILE:
    case ENFILE: return ERROR_TOO_MANY_OPEN_FILES;
    case ENOSYS: return ERROR_NOT_SUPPORTED;
    default: return ERROR_ACCESS_DENIED;
  }
}
