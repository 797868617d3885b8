import koffi from 'koffi';
import type { Failure, Handle, Kernel } from '../kernel.js';
import type { Bitness, HandleInformation, LaunchOrder, Processes } from '../processes.js';
import { ERROR_CALL_NOT_IMPLEMENTED, ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED, WAIT_TIMEOUT } from '../status.js';
import { CURRENT_PROCESS, DUPLICATE_SAME_ACCESS } from './bindings.js';
import { launch } from './launch.js';
import { bindIsWow64Process, bindIsWow64Process2, bindNtQueryObject, bindProcessFunctions, bindShellExecuteEx, type ProcessFunctions } from './process-bindings.js';

const PROCESS_DUP_HANDLE = 0x40;
const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
const HANDLE_FLAG_INHERIT = 0x1;
const LONGEST_PATH = 260;

const OBJECT_BASIC_INFORMATION = 0;
/** OBJECT_BASIC_INFORMATION { ULONG Attributes; ACCESS_MASK GrantedAccess; … }. */
const OBJECT_BASIC_INFORMATION_BYTES = 56;
const GRANTED_ACCESS = 1;

const IMAGE_FILE_MACHINE_UNKNOWN = 0;
const NATIVE_BITNESS: Readonly<Record<number, Bitness>> = { 0x014c: 32, 0x01c4: 32, 0x8664: 64, 0xaa64: 64 };

/** Win32's functions for other processes. */
export class Win32Processes implements Processes {
  failure: Failure = { errno: 0, syscall: '' };

  readonly #kernel: Kernel;
  #bound: ProcessFunctions | undefined;
  #isWow64Process2: ReturnType<typeof bindIsWow64Process2> | null = null;
  #isWow64Process: ReturnType<typeof bindIsWow64Process> | undefined;
  #shellExecuteEx: ReturnType<typeof bindShellExecuteEx> | undefined;
  #queryObject: ReturnType<typeof bindNtQueryObject> | undefined;
  readonly #made = new Int32Array(new ArrayBuffer(8));
  readonly #number = new Uint32Array(new ArrayBuffer(4));

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get #kernel32(): ProcessFunctions {
    return this.#bound ??= bindProcessFunctions();
  }

  duplicateTo(processId: number, handle: Handle, access: number | undefined, inheritable: boolean): Handle {
    return this.#withProcess(processId, target => this.#duplicate(CURRENT_PROCESS, handle, target, access, inheritable));
  }

  duplicateFrom(processId: number, handle: Handle, inheritable: boolean): Handle {
    return this.#withProcess(processId, source => this.#duplicate(source, handle, CURRENT_PROCESS, undefined, inheritable));
  }

  #withProcess(processId: number, action: (process: Handle) => Handle): Handle {
    const process = this.#kernel32.OpenProcess(PROCESS_DUP_HANDLE | PROCESS_QUERY_LIMITED_INFORMATION, 0, processId);
    if (process === 0) return this.#failed('OpenProcess');
    const result = this.#isProcess(process, processId) ? action(process) : 0;
    this.#kernel32.CloseHandle(process);
    return result;
  }

  /** Windows ignores the two lowest bits of a process id, and would open 1000 when asked for 1001. */
  #isProcess(process: Handle, processId: number): boolean {
    if (this.#kernel32.GetProcessId(process) === processId) return true;
    this.failure = { errno: ERROR_INVALID_PARAMETER, syscall: 'OpenProcess' };
    return false;
  }

  #duplicate(from: Handle, handle: Handle, to: Handle, access: number | undefined, inheritable: boolean): Handle {
    const options = access === undefined ? DUPLICATE_SAME_ACCESS : 0;
    // Of a handle in a 64-bit process the low half is read alone: the other one says nothing.
    const done = this.#kernel32.DuplicateHandle(from, handle, to, this.#made, access ?? 0, inheritable ? 1 : 0, options);
    return done === 0 ? this.#failed('DuplicateHandle') : this.#made[0] ?? 0;
  }

  inspect(handle: Handle): HandleInformation | undefined {
    const kind = this.#kernel.kindOf(handle);
    if (kind === undefined) {
      this.failure = this.#kernel.failure;
      return undefined;
    }
    const information = new Uint32Array(new ArrayBuffer(OBJECT_BASIC_INFORMATION_BYTES));
    this.#queryObject ??= bindNtQueryObject();
    this.#queryObject(handle, OBJECT_BASIC_INFORMATION, information, OBJECT_BASIC_INFORMATION_BYTES, this.#number);
    if (this.#kernel32.GetHandleInformation(handle, this.#number) === 0) {
      this.#failed('GetHandleInformation');
      return undefined;
    }
    return { kind, access: information[GRANTED_ACCESS] ?? 0, inheritable: ((this.#number[0] ?? 0) & HANDLE_FLAG_INHERIT) !== 0 };
  }

  processIdOf(process: Handle): number {
    return this.#kernel32.GetProcessId(process) || this.#failed('GetProcessId');
  }

  exitCodeOf(process: Handle): number | 'running' | undefined {
    // First: a process may end with STILL_ACTIVE as its exit code.
    if (this.#kernel32.WaitForSingleObject(process, 0) === WAIT_TIMEOUT) return 'running';
    if (this.#kernel32.GetExitCodeProcess(process, this.#number) !== 0) return this.#number[0];
    this.#failed('GetExitCodeProcess');
    return undefined;
  }

  bitnessOf(process: Handle): Bitness | undefined {
    if (this.#isWow64Process2 === null) this.#isWow64Process2 = bindIsWow64Process2();
    return this.#isWow64Process2 === undefined ? this.#bitnessByOlderCall(process) : this.#bitnessByMachine(process, this.#isWow64Process2);
  }

  #bitnessByMachine(process: Handle, isWow64Process2: NonNullable<ReturnType<typeof bindIsWow64Process2>>): Bitness | undefined {
    const machine = new Uint16Array(new ArrayBuffer(2));
    const native = new Uint16Array(new ArrayBuffer(2));
    if (isWow64Process2(process, machine, native) === 0) {
      this.#failed('IsWow64Process2');
      return undefined;
    }
    // "Unknown" means that the process is of the system's own bitness.
    if (machine[0] !== IMAGE_FILE_MACHINE_UNKNOWN) return 32;
    return NATIVE_BITNESS[native[0] ?? 0] ?? 64;
  }

  #bitnessByOlderCall(process: Handle): Bitness | undefined {
    const wow64 = this.#isWow64(process);
    if (wow64 === undefined) return undefined;
    return !wow64 && this.#systemBitness() === 64 ? 64 : 32;
  }

  #isWow64(process: Handle): boolean | undefined {
    this.#isWow64Process ??= bindIsWow64Process();
    const answer = new Int32Array(new ArrayBuffer(4));
    if (this.#isWow64Process(process, answer) !== 0) return answer[0] !== 0;
    this.#failed('IsWow64Process');
    return undefined;
  }

  #systemBitness(): Bitness {
    return koffi.sizeof('intptr') === 8 || this.#isWow64(CURRENT_PROCESS) === true ? 64 : 32;
  }

  launch(order: LaunchOrder): Handle {
    const launched = launch(order, this.#kernel32, () => this.#shellExecuteEx ??= bindShellExecuteEx());
    if (typeof launched === 'number') return launched;
    this.failure = launched;
    return 0;
  }

  systemDirectory(bitness: Bitness): string | undefined {
    const own = koffi.sizeof('intptr') === 8 ? 64 : 32;
    const system = this.#systemBitness();
    if (bitness > system) {
      this.failure = { errno: ERROR_NOT_SUPPORTED, syscall: 'GetSystemDirectoryW', reason: 'this is a 32-bit Windows, which has no 64-bit programs' };
      return undefined;
    }
    if (bitness === system && own === system) return this.#path('GetSystemDirectoryW');
    if (bitness === 32) return this.#wow64Directory();
    // To a 32-bit process `System32` is the 32-bit programs' folder; this name, which exists for it alone, leads past that.
    const windows = this.#path('GetSystemWindowsDirectoryW');
    return windows === undefined ? undefined : `${windows.replace(/\\$/, '')}\\SysNative`;
  }

  #wow64Directory(): string | undefined {
    const directory = this.#path('GetSystemWow64DirectoryW');
    // Nano Server, and installations without WOW64.
    if (directory === undefined && this.failure.errno === ERROR_CALL_NOT_IMPLEMENTED) {
      this.failure = { errno: ERROR_NOT_SUPPORTED, syscall: 'GetSystemWow64DirectoryW', reason: 'this Windows runs no 32-bit programs' };
    }
    return directory;
  }

  #path(name: 'GetSystemDirectoryW' | 'GetSystemWow64DirectoryW' | 'GetSystemWindowsDirectoryW'): string | undefined {
    const buffer = new Uint16Array(new ArrayBuffer(LONGEST_PATH * 2));
    const length = this.#kernel32[name](buffer, LONGEST_PATH);
    if (length > 0 && length < LONGEST_PATH) return String.fromCharCode(...buffer.subarray(0, length));
    this.#failed(name);
    return undefined;
  }

  #failed(syscall: string): 0 {
    this.failure = { errno: this.#kernel32.GetLastError(), syscall };
    return 0;
  }
}
