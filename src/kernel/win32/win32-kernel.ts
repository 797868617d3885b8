import koffi from 'koffi';
import { FILE_MAP_READ, FILE_MAP_WRITE, SYNCHRONIZE } from '../access.js';
import type { Created, CreateOptions, Failure, Handle, Kernel, Mapping, NamedKind } from '../kernel.js';
import { ERROR_ACCESS_DENIED, ERROR_ALREADY_EXISTS, ERROR_FILE_NOT_FOUND, ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED, WAIT_FAILED } from '../status.js';
import { bindKernel32, CURRENT_PROCESS, DUPLICATE_SAME_ACCESS, type Address, type Kernel32, type SecurityAttributes } from './bindings.js';
import { HandleInspector } from './handle-inspector.js';
import { OwnerMarks } from './owner-marks.js';
import { mapping } from '../mapping.js';
import { SecurityDescriptors } from './security.js';

const MAXIMUM_WAIT_OBJECTS = 64;

const CREATE_MUTEX_INITIAL_OWNER = 0x1;
const CREATE_EVENT_MANUAL_RESET = 0x1;
const CREATE_EVENT_INITIAL_SET = 0x2;
const CREATE_WAITABLE_TIMER_MANUAL_RESET = 0x1;
const PAGE_READWRITE = 0x04;
const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
const INVALID_HANDLE_VALUE = -1;

/** A FILETIME counts 100 ns from 1601. */
const TICKS_PER_MILLISECOND = 10_000n;
const MILLISECONDS_FROM_1601_TO_1970 = 11_644_473_600_000;

const PRIVILEGE_FOR_GLOBAL = 'to create shared memory in Global\\ takes the privilege SeCreateGlobalPrivilege, which '
  + 'services and elevated administrators have; to open it takes none. Let one of them create it, or leave Global\\ out';

const OPEN_FUNCTION = {
  mutex: 'OpenMutexW',
  semaphore: 'OpenSemaphoreW',
  event: 'OpenEventW',
  timer: 'OpenWaitableTimerW',
  section: 'OpenFileMappingW',
} as const satisfies Record<NamedKind, keyof Kernel32>;

/**
 * kernel32's objects.
 *
 * Reading the error after the call: koffi keeps GetLastError's value between two synchronous calls of one thread, so a failed call is
 * followed by `GetLastError` at once, with no other foreign call in between.
 */
export class Win32Kernel implements Kernel {
  readonly maximumWaitObjects = MAXIMUM_WAIT_OBJECTS;
  /** There is no wait that takes nothing. */
  readonly takenBy = 'wait-thread';
  failure: Failure = { errno: 0, syscall: '' };
  /** Handles mean the same in all threads of a process, whatever has changed in it. */
  readonly settings = undefined;

  readonly #kernel32: Kernel32;
  readonly #ownerMarks = new OwnerMarks();
  readonly #security: SecurityDescriptors;
  readonly #inspector: HandleInspector;
  #namespacesAreOne: boolean | undefined;

  /** 32-bit integers in one HANDLE. */
  readonly #stride = koffi.sizeof('intptr') / Int32Array.BYTES_PER_ELEMENT;
  // Memory that calls write to or read from. Each is an ArrayBuffer made by length, which V8 keeps outside its moving heap.
  readonly #handles = new Int32Array(new ArrayBuffer(MAXIMUM_WAIT_OBJECTS * koffi.sizeof('intptr')));
  readonly #previousCount = new Int32Array(new ArrayBuffer(4));
  readonly #duplicated = new Int32Array(new ArrayBuffer(8));
  #routine: Address | undefined;
  readonly #due = new BigInt64Array(new ArrayBuffer(8));

  constructor(kernel32 = bindKernel32()) {
    this.#kernel32 = kernel32;
    this.#security = new SecurityDescriptors(kernel32);
    this.#inspector = new HandleInspector(kernel32);
  }

  learn(): void {
    // A handle's failure is that handle's alone.
  }

  adopt(): void {
    // Nothing is decided.
  }

  /** In session 0, where services and scheduled tasks run, the session's names are the global ones. */
  get namespacesAreOne(): boolean {
    return this.#namespacesAreOne ??= this.#isInSession0();
  }

  #isInSession0(): boolean {
    const session = new Uint32Array(new ArrayBuffer(4));
    return this.#kernel32.ProcessIdToSessionId(process.pid, session) !== 0 && session[0] === 0;
  }

  createMutex(name: string | undefined, initiallyOwned: boolean, options: CreateOptions): Created | undefined {
    const flags = initiallyOwned ? CREATE_MUTEX_INITIAL_OWNER : 0;
    return this.#create('CreateMutexExW', options, attributes => this.#kernel32.CreateMutexExW(attributes, name ?? null, flags, options.access));
  }

  createSemaphore(name: string | undefined, initialCount: number, maximumCount: number, options: CreateOptions): Created | undefined {
    return this.#create('CreateSemaphoreExW', options, attributes =>
      this.#kernel32.CreateSemaphoreExW(attributes, initialCount, maximumCount, name ?? null, 0, options.access));
  }

  createEvent(name: string | undefined, manualReset: boolean, initialState: boolean, options: CreateOptions): Created | undefined {
    const flags = (manualReset ? CREATE_EVENT_MANUAL_RESET : 0) | (initialState ? CREATE_EVENT_INITIAL_SET : 0);
    return this.#create('CreateEventExW', options, attributes => this.#kernel32.CreateEventExW(attributes, name ?? null, flags, options.access));
  }

  createTimer(name: string | undefined, manualReset: boolean, options: CreateOptions): Created | undefined {
    const flags = manualReset ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0;
    return this.#create('CreateWaitableTimerExW', options, attributes =>
      this.#kernel32.CreateWaitableTimerExW(attributes, name ?? null, flags, options.access));
  }

  createSection(name: string | undefined, byteLength: number, options: CreateOptions): Created | undefined {
    const high = Math.floor(byteLength / 2 ** 32);
    const low = byteLength % 2 ** 32;
    const created = this.#create('CreateFileMappingW', options, attributes =>
      this.#kernel32.CreateFileMappingW(INVALID_HANDLE_VALUE, attributes, PAGE_READWRITE, high, low, name ?? null));
    if (created !== undefined || name === undefined || this.failure.errno !== ERROR_ACCESS_DENIED) return created;
    return this.#openDenied(name, options);
  }

  /**
   * Of a section that exists, CreateFileMappingW asks for more than is needed: to change its security, say. One that does
   * not exist takes a privilege to create in `Global\`, but none to open.
   */
  #openDenied(name: string, { inheritable }: CreateOptions): Created | undefined {
    const { failure } = this;
    const handle = this.open('section', name, FILE_MAP_READ | FILE_MAP_WRITE, inheritable);
    if (handle !== 0) return { handle, createdNew: false };
    const missing = this.failure.errno === ERROR_FILE_NOT_FOUND;
    this.failure = missing && name.startsWith('Global\\') ? { ...failure, reason: PRIVILEGE_FOR_GLOBAL } : failure;
    return undefined;
  }

  #create(syscall: string, options: CreateOptions, call: (attributes: SecurityAttributes) => Handle): Created | undefined {
    const descriptor = this.#security.find(options.security);
    if (descriptor === undefined) {
      this.failure = this.#security.failure;
      return undefined;
    }
    const handle = call({
      nLength: koffi.sizeof('intptr') === 8 ? 24 : 12,
      lpSecurityDescriptor: descriptor,
      bInheritHandle: options.inheritable ? 1 : 0,
    });
    const errno = this.#kernel32.GetLastError();
    this.#security.release(options.security, descriptor);
    if (handle === 0) {
      this.failure = { errno, syscall };
      return undefined;
    }
    return { handle, createdNew: errno !== ERROR_ALREADY_EXISTS };
  }

  open(kind: NamedKind, name: string, access: number, inheritable: boolean): Handle {
    const syscall = OPEN_FUNCTION[kind];
    const handle = this.#kernel32[syscall](access, inheritable ? 1 : 0, name);
    if (handle === 0) this.#failed(syscall);
    return handle;
  }

  openProcess(processId: number): Handle {
    const handle = this.#kernel32.OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, 0, processId);
    if (handle === 0) {
      this.#failed('OpenProcess');
      return 0;
    }
    // Windows ignores the two lowest bits of a process id, and would open 1000 when asked for 1001.
    if (this.#kernel32.GetProcessId(handle) !== processId) {
      this.#kernel32.CloseHandle(handle);
      this.failure = { errno: ERROR_INVALID_PARAMETER, syscall: 'OpenProcess' };
      return 0;
    }
    return handle;
  }

  duplicate(handle: Handle, inheritable: boolean): Handle {
    const done = this.#kernel32.DuplicateHandle(CURRENT_PROCESS, handle, CURRENT_PROCESS, this.#duplicated, 0, inheritable ? 1 : 0, DUPLICATE_SAME_ACCESS);
    return this.#done('DuplicateHandle', done) ? (this.#duplicated[0] ?? 0) : 0;
  }

  takeOver(): boolean {
    // Handles belong to the process.
    return true;
  }

  close(handle: Handle): boolean {
    return this.#done('CloseHandle', this.#kernel32.CloseHandle(handle));
  }

  kindOf(handle: Handle): string | undefined {
    const kind = this.#inspector.kindOf(handle);
    if (kind === undefined) this.#failed(this.#inspector.syscall);
    return kind;
  }

  sameObject(first: Handle, second: Handle): boolean {
    return this.#inspector.sameObject(first, second);
  }

  /** An id is used again when the last handle is closed, but not with the same moment of creation. */
  processOf(handle: Handle): string | undefined {
    const created = new BigInt64Array(new ArrayBuffer(8));
    const unused = new BigInt64Array(new ArrayBuffer(8));
    const processId = this.#kernel32.GetProcessId(handle);
    if (processId === 0 || this.#kernel32.GetProcessTimes(handle, created, unused, unused, unused) === 0) return undefined;
    return `${processId} since ${created[0]}`;
  }

  /** CompareObjectHandles is all there is. */
  identify(): undefined {
    return undefined;
  }

  ownedDepth(handle: Handle): number | undefined {
    return this.#inspector.ownedDepth(handle);
  }

  markOwned(name: string): boolean | undefined {
    const found = this.#ownerMarks.make(name);
    if (found === undefined) this.failure = this.#ownerMarks.failure;
    return found;
  }

  unmarkOwned(name: string): void {
    this.#ownerMarks.remove(name);
  }

  releaseMutex(handle: Handle): boolean {
    return this.#done('ReleaseMutex', this.#kernel32.ReleaseMutex(handle));
  }

  /** The call of the system is what costs. */
  mutexOf(): undefined {
    return undefined;
  }

  releaseSemaphore(handle: Handle, count: number): number {
    const done = this.#kernel32.ReleaseSemaphore(handle, count, this.#previousCount);
    return this.#done('ReleaseSemaphore', done) ? (this.#previousCount[0] ?? -1) : -1;
  }

  setEvent(handle: Handle): boolean {
    return this.#done('SetEvent', this.#kernel32.SetEvent(handle));
  }

  resetEvent(handle: Handle): boolean {
    return this.#done('ResetEvent', this.#kernel32.ResetEvent(handle));
  }

  setTimer(handle: Handle, due: number, absolute: boolean, period: number): boolean {
    // Negative ticks count from now. A moment before 1601 would be negative as well, and means "at once", like any other in the past.
    this.#due[0] = absolute
      ? BigInt(Math.max(0, due + MILLISECONDS_FROM_1601_TO_1970)) * TICKS_PER_MILLISECOND
      : -BigInt(due) * TICKS_PER_MILLISECOND;
    return this.#done('SetWaitableTimer', this.#kernel32.SetWaitableTimer(handle, this.#due, period, 0, 0, 0));
  }

  cancelTimer(handle: Handle): boolean {
    return this.#done('CancelWaitableTimer', this.#kernel32.CancelWaitableTimer(handle));
  }

  wait(handle: Handle, timeout: number): number {
    const status = this.#kernel32.WaitForSingleObject(handle, timeout | 0);
    if (status === WAIT_FAILED) this.#failed('WaitForSingleObject');
    return status;
  }

  waitMany(handles: readonly Handle[], all: boolean, timeout: number): number {
    const array = this.#handleArray(handles);
    const status = this.#kernel32.WaitForMultipleObjects(handles.length, array, all ? 1 : 0, timeout | 0);
    if (status === WAIT_FAILED) this.#failed('WaitForMultipleObjects');
    return status;
  }

  waitAllInterruptibly(handles: readonly Handle[], timeout: number): number {
    const status = this.#kernel32.WaitForMultipleObjectsEx(handles.length, this.#handleArray(handles), 1, timeout | 0, 1);
    if (status === WAIT_FAILED) this.#failed('WaitForMultipleObjectsEx');
    return status;
  }

  #handleArray(handles: readonly Handle[]): Int32Array {
    const array = this.#handles;
    let at = 0;
    if (this.#stride === 1) {
      for (const handle of handles) array[at++] = handle;
    } else {
      for (const handle of handles) {
        array[at++] = handle;
        array[at++] = handle >> 31; // the sign, extended
      }
    }
    return array;
  }

  watch(): number {
    this.failure = { errno: ERROR_NOT_SUPPORTED, syscall: 'watch' };
    return WAIT_FAILED;
  }

  /** Windows serves those who wait nearly in their order. */
  prefer(): void {
    // nothing to do
  }

  stopPreferring(): void {
    // nothing was done
  }

  openCurrentThread(): Handle {
    // GetCurrentThread gives a pseudo-handle, which means another thread in every other one.
    return this.duplicate(this.#kernel32.GetCurrentThread(), false);
  }

  interrupt(thread: Handle): boolean {
    return this.#done('QueueUserAPC', this.#kernel32.QueueUserAPC(this.#harmlessRoutine(), thread, 0));
  }

  /**
   * An asynchronous procedure call ends an alertable wait; what it calls does not matter, as long as it takes one argument and does no harm.
   * `SetLastError` has exactly the type that is asked for, in both bitnesses.
   */
  #harmlessRoutine(): Address {
    return (this.#routine ??= this.#kernel32.GetProcAddress(this.#kernel32.GetModuleHandleW('kernel32.dll'), 'SetLastError'));
  }

  signalAndWait(toSignal: Handle, toWaitFor: Handle, timeout: number): number {
    const status = this.#kernel32.SignalObjectAndWait(toSignal, toWaitFor, timeout | 0, 0);
    if (status === WAIT_FAILED) this.#failed('SignalObjectAndWait');
    return status;
  }

  mapSection(handle: Handle, byteLength: number): Mapping | undefined {
    const address = this.#kernel32.MapViewOfFile(handle, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, byteLength);
    if (address === 0) {
      this.#failed('MapViewOfFile');
      return undefined;
    }
    const unmap = () => this.#kernel32.UnmapViewOfFile(address);
    try {
      return mapping(address, byteLength, unmap);
    } catch {
      unmap();
      this.failure = { errno: ERROR_NOT_SUPPORTED, syscall: 'koffi.view' };
      return undefined;
    }
  }

  #done(syscall: string, result: number): boolean {
    if (result === 0) this.#failed(syscall);
    return result !== 0;
  }

  #failed(syscall: string): void {
    this.failure = { errno: this.#kernel32.GetLastError(), syscall };
  }
}
