import koffi, { type TypeObject } from 'koffi';

/** An address, as a Number: user space ends far below 2^53. */
export type Address = number;

/** What `GetCurrentProcess` gives: a handle that needs no close. */
export const CURRENT_PROCESS = -1;
/** For `DuplicateHandle`: with the same rights. */
export const DUPLICATE_SAME_ACCESS = 0x2;

/** `SECURITY_ATTRIBUTES`. */
export interface SecurityAttributes {
  nLength: number;
  lpSecurityDescriptor: Address;
  bInheritHandle: number;
}

/*
 * How the types were chosen, each by measurement:
 * - HANDLE is `intptr`: a Number both ways, sign-extended from 32 bits as Windows asks, where `void *` would give a BigInt.
 * - BOOL is `int32`: koffi's `bool` would keep one byte of it. A timeout is `int32`, so that -1 is INFINITE without a conversion.
 * - Memory of ours goes in as a typed array (`void *`), which costs 13 ns more than an address and asks for no external buffer;
 *   runtimes such as Electron refuse `koffi.view`.
 * - Structures are anonymous: named ones are global in koffi, and a second copy of this library in one thread would clash with them.
 */
const HANDLE = 'intptr';
const BOOL = 'int32';
const DWORD = 'uint32';
const LONG = 'int32';
const MILLISECONDS = 'int32';
const NAME = 'str16';
const MEMORY = 'void *';
const ADDRESS = 'intptr';

/** The functions of kernel32 that the library uses, typed as JavaScript sees them. */
export interface Kernel32 {
  CreateMutexExW(attributes: SecurityAttributes, name: string | null, flags: number, access: number): number;
  CreateSemaphoreExW(attributes: SecurityAttributes, initial: number, maximum: number, name: string | null, flags: number, access: number): number;
  CreateEventExW(attributes: SecurityAttributes, name: string | null, flags: number, access: number): number;
  CreateWaitableTimerExW(attributes: SecurityAttributes, name: string | null, flags: number, access: number): number;
  CreateFileMappingW(file: number, attributes: SecurityAttributes, protection: number, sizeHigh: number, sizeLow: number, name: string | null): number;
  OpenMutexW(access: number, inherit: number, name: string): number;
  OpenSemaphoreW(access: number, inherit: number, name: string): number;
  OpenEventW(access: number, inherit: number, name: string): number;
  OpenWaitableTimerW(access: number, inherit: number, name: string): number;
  OpenFileMappingW(access: number, inherit: number, name: string): number;
  OpenProcess(access: number, inherit: number, processId: number): number;
  GetProcessId(process: number): number;
  ProcessIdToSessionId(processId: number, session: Uint32Array): number;
  GetProcessTimes(process: number, creation: BigInt64Array, exit: BigInt64Array, kernel: BigInt64Array, user: BigInt64Array): number;
  DuplicateHandle(sourceProcess: number, source: number, targetProcess: number, target: Int32Array, access: number, inherit: number, options: number): number;
  CloseHandle(handle: number): number;
  GetHandleInformation(handle: number, flags: Int32Array): number;
  ReleaseMutex(mutex: number): number;
  ReleaseSemaphore(semaphore: number, count: number, previous: Int32Array): number;
  SetEvent(event: number): number;
  ResetEvent(event: number): number;
  SetWaitableTimer(timer: number, due: BigInt64Array, period: number, completion: Address, argument: Address, resume: number): number;
  CancelWaitableTimer(timer: number): number;
  WaitForSingleObject(handle: number, timeout: number): number;
  WaitForMultipleObjects(count: number, handles: Int32Array, all: number, timeout: number): number;
  WaitForMultipleObjectsEx(count: number, handles: Int32Array, all: number, timeout: number, alertable: number): number;
  GetCurrentThread(): number;
  GetModuleHandleW(name: string): Address;
  GetProcAddress(module: Address, name: string): Address;
  QueueUserAPC(routine: Address, thread: number, argument: Address): number;
  SignalObjectAndWait(toSignal: number, toWaitFor: number, timeout: number, alertable: number): number;
  MapViewOfFile(section: number, access: number, offsetHigh: number, offsetLow: number, bytes: number): Address;
  UnmapViewOfFile(address: Address): number;
  LocalFree(address: Address): Address;
  GetLastError(): number;
}

export function bindKernel32(): Kernel32 {
  const library = koffi.load('kernel32.dll');
  const bind = (name: keyof Kernel32, result: string, ...parameters: (string | TypeObject)[]) =>
    library.func('__stdcall', name, result, parameters);
  const ATTRIBUTES = koffi.pointer(koffi.struct({ nLength: DWORD, lpSecurityDescriptor: ADDRESS, bInheritHandle: BOOL }));

  return {
    CreateMutexExW: bind('CreateMutexExW', HANDLE, ATTRIBUTES, NAME, DWORD, DWORD),
    CreateSemaphoreExW: bind('CreateSemaphoreExW', HANDLE, ATTRIBUTES, LONG, LONG, NAME, DWORD, DWORD),
    CreateEventExW: bind('CreateEventExW', HANDLE, ATTRIBUTES, NAME, DWORD, DWORD),
    CreateWaitableTimerExW: bind('CreateWaitableTimerExW', HANDLE, ATTRIBUTES, NAME, DWORD, DWORD),
    CreateFileMappingW: bind('CreateFileMappingW', HANDLE, HANDLE, ATTRIBUTES, DWORD, DWORD, DWORD, NAME),
    OpenMutexW: bind('OpenMutexW', HANDLE, DWORD, BOOL, NAME),
    OpenSemaphoreW: bind('OpenSemaphoreW', HANDLE, DWORD, BOOL, NAME),
    OpenEventW: bind('OpenEventW', HANDLE, DWORD, BOOL, NAME),
    OpenWaitableTimerW: bind('OpenWaitableTimerW', HANDLE, DWORD, BOOL, NAME),
    OpenFileMappingW: bind('OpenFileMappingW', HANDLE, DWORD, BOOL, NAME),
    OpenProcess: bind('OpenProcess', HANDLE, DWORD, BOOL, DWORD),
    GetProcessId: bind('GetProcessId', DWORD, HANDLE),
    ProcessIdToSessionId: bind('ProcessIdToSessionId', BOOL, DWORD, MEMORY),
    GetProcessTimes: bind('GetProcessTimes', BOOL, HANDLE, MEMORY, MEMORY, MEMORY, MEMORY),
    DuplicateHandle: bind('DuplicateHandle', BOOL, HANDLE, HANDLE, HANDLE, MEMORY, DWORD, BOOL, DWORD),
    CloseHandle: bind('CloseHandle', BOOL, HANDLE),
    GetHandleInformation: bind('GetHandleInformation', BOOL, HANDLE, MEMORY),
    ReleaseMutex: bind('ReleaseMutex', BOOL, HANDLE),
    ReleaseSemaphore: bind('ReleaseSemaphore', BOOL, HANDLE, LONG, MEMORY),
    SetEvent: bind('SetEvent', BOOL, HANDLE),
    ResetEvent: bind('ResetEvent', BOOL, HANDLE),
    SetWaitableTimer: bind('SetWaitableTimer', BOOL, HANDLE, MEMORY, LONG, ADDRESS, ADDRESS, BOOL),
    CancelWaitableTimer: bind('CancelWaitableTimer', BOOL, HANDLE),
    WaitForSingleObject: bind('WaitForSingleObject', DWORD, HANDLE, MILLISECONDS),
    WaitForMultipleObjects: bind('WaitForMultipleObjects', DWORD, DWORD, MEMORY, BOOL, MILLISECONDS),
    WaitForMultipleObjectsEx: bind('WaitForMultipleObjectsEx', DWORD, DWORD, MEMORY, BOOL, MILLISECONDS, BOOL),
    GetCurrentThread: bind('GetCurrentThread', HANDLE),
    GetModuleHandleW: bind('GetModuleHandleW', ADDRESS, NAME),
    GetProcAddress: bind('GetProcAddress', ADDRESS, ADDRESS, 'str'),
    QueueUserAPC: bind('QueueUserAPC', DWORD, ADDRESS, HANDLE, ADDRESS),
    SignalObjectAndWait: bind('SignalObjectAndWait', DWORD, HANDLE, HANDLE, MILLISECONDS, BOOL),
    MapViewOfFile: bind('MapViewOfFile', ADDRESS, HANDLE, DWORD, DWORD, DWORD, 'uintptr'),
    UnmapViewOfFile: bind('UnmapViewOfFile', BOOL, ADDRESS),
    LocalFree: bind('LocalFree', ADDRESS, ADDRESS),
    GetLastError: bind('GetLastError', DWORD),
  };
}
