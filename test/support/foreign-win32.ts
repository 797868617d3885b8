import koffi from 'koffi';

/* `Foreign` (see foreign.ts) for Windows. Handles are signed 32-bit numbers here as well. */

const kernel32 = koffi.load('kernel32.dll');
const CURRENT_PROCESS = -1;
const CURRENT_THREAD = -2;
const PROCESS_DUP_HANDLE = 0x40;
const DUPLICATE_SAME_ACCESS = 2;
const HANDLE_FLAG_INHERIT = 1;
const DACL_SECURITY_INFORMATION = 4;
const SDDL_REVISION_1 = 1;

const DuplicateHandle: (fromProcess: number, handle: number, toProcess: number, made: Int32Array, access: number, inherit: number, options: number) => number =
  kernel32.func('__stdcall', 'DuplicateHandle', 'int32', ['intptr', 'intptr', 'intptr', 'void *', 'uint32', 'int32', 'uint32']);
const OpenProcess: (access: number, inherit: number, processId: number) => number = kernel32.func('__stdcall', 'OpenProcess', 'intptr', ['uint32', 'int32', 'uint32']);
const CloseHandle: (handle: number) => number = kernel32.func('__stdcall', 'CloseHandle', 'int32', ['intptr']);
const GetHandleInformation: (handle: number, flags: Uint32Array) => number = kernel32.func('__stdcall', 'GetHandleInformation', 'int32', ['intptr', 'void *']);

const CreateEventW: (security: number, manualReset: number, initialState: number, name: null) => number =
  kernel32.func('__stdcall', 'CreateEventW', 'intptr', ['intptr', 'int32', 'int32', 'str16']);

function duplicateTo(process: number, handle: number): number {
  const made = new Int32Array(2);
  if (DuplicateHandle(CURRENT_PROCESS, handle, process, made, 0, 0, DUPLICATE_SAME_ACCESS) === 0) throw new Error(`the handle ${handle} cannot be duplicated`);
  return made[0] ?? 0;
}

export function duplicate(handle: number): number {
  return duplicateTo(CURRENT_PROCESS, handle);
}

export function createEvent(): number {
  return CreateEventW(0, 0, 0, null);
}

export function threadHandle(): number {
  return duplicate(CURRENT_THREAD);
}

export function duplicateInto(processId: number, handle: number): number {
  const target = OpenProcess(PROCESS_DUP_HANDLE, 0, processId);
  if (target === 0) throw new Error(`the process ${processId} cannot be opened`);
  try {
    return duplicateTo(target, handle);
  } finally {
    closeHandle(target);
  }
}

export function closeHandle(handle: number): boolean {
  return CloseHandle(handle) !== 0;
}

export function inheritance(handle: number): 'inheritable' | 'private' | 'none' {
  const flags = new Uint32Array(1);
  if (GetHandleInformation(handle, flags) === 0) return 'none';
  return ((flags[0] ?? 0) & HANDLE_FLAG_INHERIT) === 0 ? 'private' : 'inheritable';
}

export function sameObject(first: number, second: number): boolean {
  const CompareObjectHandles: (first: number, second: number) => number = koffi.load('kernelbase.dll').func('__stdcall', 'CompareObjectHandles', 'int32', ['intptr', 'intptr']);
  return CompareObjectHandles(first, second) !== 0;
}

export function trustees(handle: number): string[] {
  const advapi32 = koffi.load('advapi32.dll');
  const GetKernelObjectSecurity: (handle: number, what: number, descriptor: Uint8Array, bytes: number, needed: Uint32Array) => number =
    advapi32.func('__stdcall', 'GetKernelObjectSecurity', 'int32', ['intptr', 'uint32', 'void *', 'uint32', 'void *']);
  const ConvertSecurityDescriptorToStringSecurityDescriptorW: (descriptor: Uint8Array, revision: number, what: number, text: [string | null], length: Uint32Array) => number =
    advapi32.func('__stdcall', 'ConvertSecurityDescriptorToStringSecurityDescriptorW', 'int32', ['void *', 'uint32', 'uint32', koffi.out('str16 *'), 'void *']);
  const descriptor = new Uint8Array(4096);
  const length = new Uint32Array(1);
  const text: [string | null] = [null];
  if (GetKernelObjectSecurity(handle, DACL_SECURITY_INFORMATION, descriptor, descriptor.length, length) === 0
    || ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, text, length) === 0) {
    throw new Error(`the security of the handle ${handle} cannot be read`);
  }
  return [...(text[0] ?? '').matchAll(/;([^;()]+)\)/g)].map(([, trustee = '']) => trustee);
}
