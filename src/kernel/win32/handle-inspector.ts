import koffi from 'koffi';
import { Buffer } from 'node:buffer';
import type { Handle, ObjectKind } from '../kernel.js';
import type { Kernel32 } from './bindings.js';

const OBJECT_TYPE_INFORMATION = 2;
const MUTANT_BASIC_INFORMATION = 0;
/** OBJECT_TYPE_INFORMATION is about 100 bytes before the type's name. */
const INFORMATION_BYTES = 512;

/** The object manager's names of the kinds that this library has. */
const KINDS = new Map<string, ObjectKind>([
  ['Mutant', 'mutex'],
  ['Semaphore', 'semaphore'],
  ['Event', 'event'],
  ['Timer', 'timer'],
  ['IRTimer', 'timer'], // with CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
  ['Process', 'process'],
  ['Section', 'section'],
]);

type NtQueryObject = (handle: Handle, kind: number, information: Uint8Array, bytes: number, needed: Int32Array) => number;
type NtQueryMutant = (handle: Handle, kind: number, information: Int32Array, bytes: number, needed: number) => number;
type CompareObjectHandles = (first: Handle, second: Handle) => number;

/** Answers what a handle refers to. The functions for it are bound at the first question: neither is in kernel32, and few programs ask. */
export class HandleInspector {
  readonly #kernel32: Kernel32;
  #query: NtQueryObject | undefined;
  #queryMutant: NtQueryMutant | undefined;
  #compare: CompareObjectHandles | undefined;
  /** MUTANT_BASIC_INFORMATION { LONG CurrentCount; BOOLEAN OwnedByCaller, AbandonedState }. */
  readonly #mutant = new Int32Array(new ArrayBuffer(8));
  readonly #information = new Uint8Array(new ArrayBuffer(INFORMATION_BYTES));
  readonly #scratch = new Int32Array(new ArrayBuffer(4));

  constructor(kernel32: Kernel32) {
    this.#kernel32 = kernel32;
  }

  /** The function whose error number tells why {@link kindOf} gave `undefined`. */
  readonly syscall = 'GetHandleInformation';

  /** A kind of ours, the object manager's name of another kind, or `undefined` when the handle refers to nothing. */
  kindOf(handle: Handle): string | undefined {
    this.#query ??= koffi.load('ntdll.dll').func('__stdcall', 'NtQueryObject', 'int32', ['intptr', 'uint32', 'void *', 'uint32', 'void *']);
    const status = this.#query(handle, OBJECT_TYPE_INFORMATION, this.#information, INFORMATION_BYTES, this.#scratch);
    // Asked last, so that GetLastError speaks of it: NtQueryObject gives an NTSTATUS instead.
    if (this.#kernel32.GetHandleInformation(handle, this.#scratch) === 0) return undefined;
    if (status < 0) return 'unknown';

    // The structure begins with a UNICODE_STRING { USHORT Length, MaximumLength; WCHAR *Buffer } that points behind itself.
    const view = new DataView(this.#information.buffer);
    const wide = koffi.sizeof('intptr') === 8;
    const text = wide ? Number(view.getBigInt64(8, true)) : view.getUint32(4, true);
    const offset = text - Number(koffi.address(this.#information));
    const typeName = Buffer.from(this.#information.buffer, offset, view.getUint16(0, true)).toString('utf16le');
    return KINDS.get(typeName) ?? typeName;
  }

  /** How often the calling thread owns the mutex; `undefined` when the handle does not allow to ask. */
  ownedDepth(mutex: Handle): number | undefined {
    this.#queryMutant ??= koffi.load('ntdll.dll').func('__stdcall', 'NtQueryMutant', 'int32', ['intptr', 'uint32', 'void *', 'uint32', 'intptr']);
    if (this.#queryMutant(mutex, MUTANT_BASIC_INFORMATION, this.#mutant, this.#mutant.byteLength, 0) < 0) return undefined;
    const [count = 1, flags = 0] = this.#mutant;
    // The count of a free mutex is 1, and each wait of its owner takes one.
    return (flags & 0xff) === 0 ? 0 : 1 - count;
  }

  sameObject(first: Handle, second: Handle): boolean {
    this.#compare ??= koffi.load('kernelbase.dll').func('__stdcall', 'CompareObjectHandles', 'int32', ['intptr', 'intptr']);
    return this.#compare(first, second) !== 0;
  }
}
