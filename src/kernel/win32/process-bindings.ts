import koffi, { type TypeObject } from 'koffi';
import type { Address } from './bindings.js';

/* Types as in bindings.ts. Structures hold pointers, so that their size depends on the bitness; koffi lays them out as C does. */

const ADDRESS = 'intptr';

/** `STARTUPINFOEXW`: what is not named stays 0. */
export interface StartupInfo {
  readonly cb: number;
  readonly dwFlags: number;
  readonly wShowWindow: number;
  readonly hStdInput: number;
  readonly hStdOutput: number;
  readonly hStdError: number;
  readonly lpAttributeList: Address;
}

/** `SHELLEXECUTEINFOW`, likewise. */
export interface ShellExecuteInfo {
  cbSize: number;
  fMask: number;
  lpFile: string;
  lpParameters: string;
  lpDirectory: string | null;
  nShow: number;
  hProcess: number;
}

const startupInfo = koffi.struct({
  cb: 'uint32', lpReserved: ADDRESS, lpDesktop: ADDRESS, lpTitle: ADDRESS, dwX: 'uint32', dwY: 'uint32', dwXSize: 'uint32', dwYSize: 'uint32', dwXCountChars: 'uint32',
  dwYCountChars: 'uint32', dwFillAttribute: 'uint32', dwFlags: 'uint32', wShowWindow: 'uint16', cbReserved2: 'uint16', lpReserved2: ADDRESS, hStdInput: 'intptr',
  hStdOutput: 'intptr', hStdError: 'intptr', lpAttributeList: ADDRESS,
});
const shellExecuteInfo = koffi.struct({
  cbSize: 'uint32', fMask: 'uint32', hwnd: ADDRESS, lpVerb: ADDRESS, lpFile: 'str16', lpParameters: 'str16', lpDirectory: 'str16', nShow: 'int32', hInstApp: ADDRESS, lpIDList: ADDRESS,
  lpClass: ADDRESS, hkeyClass: ADDRESS, dwHotKey: 'uint32', hMonitor: ADDRESS, hProcess: 'intptr',
});

export const STARTUPINFOEX_BYTES = koffi.sizeof(startupInfo);
export const SHELLEXECUTEINFO_BYTES = koffi.sizeof(shellExecuteInfo);

/** `PROCESS_INFORMATION { HANDLE hProcess, hThread; DWORD dwProcessId, dwThreadId }`. */
export const PROCESS_INFORMATION_BYTES = 2 * koffi.sizeof('intptr') + 8;

export interface ProcessFunctions {
  DuplicateHandle(sourceProcess: number, source: number, targetProcess: number, target: Int32Array, access: number, inherit: number, options: number): number;
  OpenProcess(access: number, inherit: number, processId: number): number;
  CloseHandle(handle: number): number;
  GetHandleInformation(handle: number, flags: Uint32Array): number;
  GetProcessId(process: number): number;
  GetExitCodeProcess(process: number, code: Uint32Array): number;
  WaitForSingleObject(handle: number, timeout: number): number;
  GetStdHandle(which: number): number;
  GetConsoleMode(handle: number, mode: Uint32Array): number;
  CreateFileW(name: string, access: number, share: number, attributes: Address, disposition: number, flags: number, template: number): number;
  GetSystemDirectoryW(buffer: Uint16Array, length: number): number;
  GetSystemWow64DirectoryW(buffer: Uint16Array, length: number): number;
  GetSystemWindowsDirectoryW(buffer: Uint16Array, length: number): number;
  InitializeProcThreadAttributeList(list: Uint8Array | null, count: number, flags: number, bytes: Uint32Array): number;
  UpdateProcThreadAttribute(list: Uint8Array, flags: number, attribute: number, value: Int32Array, bytes: number, previous: Address, returned: Address): number;
  DeleteProcThreadAttributeList(list: Uint8Array): void;
  CreateProcessW(file: string | null, commandLine: Uint16Array, processAttributes: Address, threadAttributes: Address, inherit: number, flags: number, environment: Uint16Array | null,
    directory: string | null, startup: Partial<StartupInfo>, information: Int32Array): number;
  GetLastError(): number;
}

export function bindProcessFunctions(): ProcessFunctions {
  const library = koffi.load('kernel32.dll');
  const bind = (name: keyof ProcessFunctions, result: string, ...parameters: (string | TypeObject)[]) => library.func('__stdcall', name, result, parameters);
  return {
    DuplicateHandle: bind('DuplicateHandle', 'int32', 'intptr', 'intptr', 'intptr', 'void *', 'uint32', 'int32', 'uint32'),
    OpenProcess: bind('OpenProcess', 'intptr', 'uint32', 'int32', 'uint32'),
    CloseHandle: bind('CloseHandle', 'int32', 'intptr'),
    GetHandleInformation: bind('GetHandleInformation', 'int32', 'intptr', 'void *'),
    GetProcessId: bind('GetProcessId', 'uint32', 'intptr'),
    GetExitCodeProcess: bind('GetExitCodeProcess', 'int32', 'intptr', 'void *'),
    WaitForSingleObject: bind('WaitForSingleObject', 'uint32', 'intptr', 'int32'),
    GetStdHandle: bind('GetStdHandle', 'intptr', 'int32'),
    GetConsoleMode: bind('GetConsoleMode', 'int32', 'intptr', 'void *'),
    CreateFileW: bind('CreateFileW', 'intptr', 'str16', 'uint32', 'uint32', ADDRESS, 'uint32', 'uint32', 'intptr'),
    GetSystemDirectoryW: bind('GetSystemDirectoryW', 'uint32', 'void *', 'uint32'),
    GetSystemWow64DirectoryW: bind('GetSystemWow64DirectoryW', 'uint32', 'void *', 'uint32'),
    GetSystemWindowsDirectoryW: bind('GetSystemWindowsDirectoryW', 'uint32', 'void *', 'uint32'),
    InitializeProcThreadAttributeList: bind('InitializeProcThreadAttributeList', 'int32', 'void *', 'uint32', 'uint32', 'void *'),
    UpdateProcThreadAttribute: bind('UpdateProcThreadAttribute', 'int32', 'void *', 'uint32', 'uintptr', 'void *', 'uintptr', ADDRESS, ADDRESS),
    DeleteProcThreadAttributeList: bind('DeleteProcThreadAttributeList', 'void', 'void *'),
    CreateProcessW: bind('CreateProcessW', 'int32', 'str16', 'void *', ADDRESS, ADDRESS, 'int32', 'uint32', 'void *', 'str16', koffi.pointer(startupInfo), 'void *'),
    GetLastError: bind('GetLastError', 'uint32'),
  };
}

/** Not in kernel32 of every Windows: `undefined` where it is missing. */
export function bindIsWow64Process2(): ((process: number, processMachine: Uint16Array, nativeMachine: Uint16Array) => number) | undefined {
  try {
    return koffi.load('kernel32.dll').func('__stdcall', 'IsWow64Process2', 'int32', ['intptr', 'void *', 'void *']);
  } catch {
    return undefined;
  }
}

export function bindIsWow64Process(): (process: number, wow64: Int32Array) => number {
  return koffi.load('kernel32.dll').func('__stdcall', 'IsWow64Process', 'int32', ['intptr', 'void *']);
}

export function bindShellExecuteEx(): (info: Partial<ShellExecuteInfo>) => number {
  return koffi.load('shell32.dll').func('__stdcall', 'ShellExecuteExW', 'int32', [koffi.inout(koffi.pointer(shellExecuteInfo))]);
}

export function bindNtQueryObject(): (handle: number, kind: number, information: Uint32Array, bytes: number, needed: Uint32Array) => number {
  return koffi.load('ntdll.dll').func('__stdcall', 'NtQueryObject', 'int32', ['intptr', 'uint32', 'void *', 'uint32', 'void *']);
}
