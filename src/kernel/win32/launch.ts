import { win32 } from 'node:path';
import koffi from 'koffi';
import type { Failure, Handle } from '../kernel.js';
import type { LaunchOrder } from '../processes.js';
import { ERROR_FILENAME_EXCED_RANGE, ERROR_NOT_SUPPORTED } from '../status.js';
import { CURRENT_PROCESS, DUPLICATE_SAME_ACCESS } from './bindings.js';
import { environmentBlock, quoteArguments, quoteProgram } from './command-line.js';
import {
  PROCESS_INFORMATION_BYTES, SHELLEXECUTEINFO_BYTES, STARTUPINFOEX_BYTES, type ProcessFunctions, type ShellExecuteInfo,
} from './process-bindings.js';

const INVALID_HANDLE_VALUE = -1;

const STARTF_USESHOWWINDOW = 0x1;
const STARTF_USESTDHANDLES = 0x100;
const CREATE_UNICODE_ENVIRONMENT = 0x400;
const EXTENDED_STARTUPINFO_PRESENT = 0x80000;
const CREATE_NO_WINDOW = 0x8000000;
const PROC_THREAD_ATTRIBUTE_HANDLE_LIST = 0x20002;
const SW_HIDE = 0;
const SW_SHOWNORMAL = 1;

const SEE_MASK_NOCLOSEPROCESS = 0x40;
/** The call returns when the shell is done with it: this thread may not run a message loop. */
const SEE_MASK_NOASYNC = 0x100;
const SEE_MASK_FLAG_NO_UI = 0x400;

const GENERIC_READ = 0x80000000;
const GENERIC_WRITE = 0x40000000;
const FILE_SHARE_READ_AND_WRITE = 0x3;
const OPEN_EXISTING = 3;
const STANDARD_STREAMS = [-10, -11, -12] as const;

/** UTF-16 units, the NUL at the end included. */
const LONGEST_COMMAND_LINE = 32_767;

const WORDS_PER_HANDLE = koffi.sizeof('intptr') / Int32Array.BYTES_PER_ELEMENT;

/** Gives the handle of the process, or why there is none. */
export function launch(order: LaunchOrder, kernel32: ProcessFunctions, bindShellExecuteEx: () => (info: Partial<ShellExecuteInfo>) => number): Handle | Failure {
  const located = { ...order, file: fileOf(order) };
  const length = commandLineOf(located).length;
  if (length > LONGEST_COMMAND_LINE) {
    const syscall = order.method === 'CreateProcess' ? 'CreateProcessW' : 'ShellExecuteExW';
    const reason = `the command line has ${length - 1} characters; Windows takes ${LONGEST_COMMAND_LINE - 1}`;
    return { errno: ERROR_FILENAME_EXCED_RANGE, syscall, reason };
  }
  return order.method === 'CreateProcess' ? createProcess(located, kernel32) : shellExecute(located, kernel32, bindShellExecuteEx());
}

/** Of a relative path Windows would say that it is this process's, from where that stands. */
function fileOf({ file, directory }: LaunchOrder): string {
  return directory === undefined || !/[\\/:]/.test(file) ? file : win32.resolve(directory, file);
}

function commandLineOf({ file, args }: LaunchOrder): string {
  return `${quoteProgram(file)} ${quoteArguments(args)}\0`;
}

function createProcess(order: LaunchOrder, kernel32: ProcessFunctions): Handle | Failure {
  const streams = new StandardStreams(order.standardStreams, kernel32);
  // Each once: a value that stands twice in the list is refused.
  const inherit = [...new Set([...order.inherit, ...streams.handles.filter(handle => handle !== 0)])];
  const list = HandleList.make(inherit, kernel32);
  try {
    if (!(list instanceof HandleList)) return list;
    const [input = 0, output = 0, error = 0] = streams.handles;
    const startup = {
      cb: STARTUPINFOEX_BYTES,
      dwFlags: STARTF_USESTDHANDLES | (order.hidden ? STARTF_USESHOWWINDOW : 0),
      wShowWindow: SW_HIDE,
      hStdInput: input,
      hStdOutput: output,
      hStdError: error,
      lpAttributeList: list.address,
    };
    // With a console of its own, a child could not write to that of this process, whose streams it has been given.
    const windowless = order.hidden && !streams.leadToConsole();
    const flags = EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT | (windowless ? CREATE_NO_WINDOW : 0);
    const commandLine = wide(commandLineOf(order));
    const environment = order.environment === undefined ? null : wide(environmentBlock(order.environment, process.env));
    const information = new Int32Array(new ArrayBuffer(PROCESS_INFORMATION_BYTES));
    if (kernel32.CreateProcessW(null, commandLine, 0, 0, inherit.length === 0 ? 0 : 1, flags, environment, order.directory ?? null, startup, information) === 0) return lastFailure('CreateProcessW', kernel32);
    kernel32.CloseHandle(information[WORDS_PER_HANDLE] ?? 0); // its first thread's
    return information[0] ?? 0;
  } finally {
    if (list instanceof HandleList) list.delete();
    streams.close();
  }
}

/** What the child gets as its standard streams: handles of our own that are inheritable, and closed again when it has them. */
class StandardStreams {
  readonly handles: readonly Handle[];
  readonly #kernel32: ProcessFunctions;

  constructor(which: LaunchOrder['standardStreams'], kernel32: ProcessFunctions) {
    this.#kernel32 = kernel32;
    this.handles = which === 'inherit' ? STANDARD_STREAMS.map(stream => this.#copyOf(stream)) : this.#ofNothing();
  }

  /** 0 if this process has none. */
  #copyOf(stream: number): Handle {
    const handle = this.#kernel32.GetStdHandle(stream);
    return handle === 0 || handle === INVALID_HANDLE_VALUE ? 0 : this.#inheritable(handle);
  }

  #ofNothing(): Handle[] {
    const nul = this.#kernel32.CreateFileW('NUL', (GENERIC_READ | GENERIC_WRITE) >>> 0, FILE_SHARE_READ_AND_WRITE, 0, OPEN_EXISTING, 0, 0);
    if (nul === INVALID_HANDLE_VALUE) return [];
    const inheritable = this.#inheritable(nul);
    this.#kernel32.CloseHandle(nul);
    return [inheritable, inheritable, inheritable];
  }

  #inheritable(handle: Handle): Handle {
    const made = new Int32Array(new ArrayBuffer(8));
    return this.#kernel32.DuplicateHandle(CURRENT_PROCESS, handle, CURRENT_PROCESS, made, 0, 1, DUPLICATE_SAME_ACCESS) === 0 ? 0 : made[0] ?? 0;
  }

  leadToConsole(): boolean {
    const mode = new Uint32Array(new ArrayBuffer(4));
    return this.handles.some(handle => handle !== 0 && this.#kernel32.GetConsoleMode(handle, mode) !== 0);
  }

  close(): void {
    for (const handle of new Set(this.handles)) if (handle !== 0) this.#kernel32.CloseHandle(handle);
  }
}

/** `PROC_THREAD_ATTRIBUTE_HANDLE_LIST`: the child inherits these and no others, whatever other handles of this process are inheritable at this moment. */
class HandleList {
  readonly address: number;
  readonly #list: Uint8Array;
  /** The system reads it when the process is created, and not before. */
  readonly #values: Int32Array;
  readonly #kernel32: ProcessFunctions;

  private constructor(list: Uint8Array, values: Int32Array, kernel32: ProcessFunctions) {
    this.address = Number(koffi.address(list));
    this.#list = list;
    this.#values = values;
    this.#kernel32 = kernel32;
  }

  static make(handles: readonly Handle[], kernel32: ProcessFunctions): HandleList | Failure {
    const bytes = new Uint32Array(new ArrayBuffer(8));
    kernel32.InitializeProcThreadAttributeList(null, 1, 0, bytes); // fails, and says how many it takes
    const list = new Uint8Array(new ArrayBuffer(bytes[0] ?? 0));
    if (kernel32.InitializeProcThreadAttributeList(list, 1, 0, bytes) === 0) return lastFailure('InitializeProcThreadAttributeList', kernel32);
    const values = new Int32Array(new ArrayBuffer(handles.length * WORDS_PER_HANDLE * 4));
    handles.forEach((handle, index) => {
      values[index * WORDS_PER_HANDLE] = handle;
      if (WORDS_PER_HANDLE === 2) values[index * 2 + 1] = handle >> 31; // the sign, extended
    });
    const made = new HandleList(list, values, kernel32);
    if (handles.length === 0 || kernel32.UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, values, values.byteLength, 0, 0) !== 0) return made;
    const failure = lastFailure('UpdateProcThreadAttribute', kernel32);
    made.delete();
    return failure;
  }

  delete(): void {
    this.#kernel32.DeleteProcThreadAttributeList(this.#list);
    this.#values.fill(0);
  }
}

function shellExecute(order: LaunchOrder, kernel32: ProcessFunctions, shellExecuteEx: (info: Partial<ShellExecuteInfo>) => number): Handle | Failure {
  const info: Partial<ShellExecuteInfo> = {
    cbSize: SHELLEXECUTEINFO_BYTES,
    fMask: SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NOASYNC | SEE_MASK_FLAG_NO_UI,
    lpFile: order.file,
    lpParameters: quoteArguments(order.args),
    lpDirectory: order.directory ?? null,
    nShow: order.hidden ? SW_HIDE : SW_SHOWNORMAL,
  };
  if (shellExecuteEx(info) === 0) return lastFailure('ShellExecuteExW', kernel32);
  const { hProcess = 0 } = info;
  if (hProcess !== 0) return hProcess;
  const reason = 'the shell started no process that one could wait for: it handed it to a program that was running already, '
    + 'or to the system, as it does with Store apps';
  return { errno: ERROR_NOT_SUPPORTED, syscall: 'ShellExecuteExW', reason };
}

function lastFailure(syscall: string, kernel32: ProcessFunctions): Failure {
  return { errno: kernel32.GetLastError(), syscall };
}

function wide(text: string): Uint16Array {
  const units = new Uint16Array(new ArrayBuffer(text.length * 2));
  for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
  return units;
}
