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

const advapi32 = koffi.load('advapi32.dll');
const GetKernelObjectSecurity: (handle: number, what: number, descriptor: Uint8Array, bytes: number, needed: Uint32Array) => number =
  advapi32.func('__stdcall', 'GetKernelObjectSecurity', 'int32', ['intptr', 'uint32', 'void *', 'uint32', 'void *']);

function securityOf(handle: number): Uint8Array {
  const descriptor = new Uint8Array(4096);
  if (GetKernelObjectSecurity(handle, DACL_SECURITY_INFORMATION, descriptor, descriptor.length, new Uint32Array(1)) !== 0) return descriptor;
  throw new Error(`the security of the handle ${handle} cannot be read`);
}

export function trustees(handle: number): string[] {
  const ConvertSecurityDescriptorToStringSecurityDescriptorW: (descriptor: Uint8Array, revision: number, what: number, text: [string | null], length: Uint32Array) => number =
    advapi32.func('__stdcall', 'ConvertSecurityDescriptorToStringSecurityDescriptorW', 'int32', ['void *', 'uint32', 'uint32', koffi.out('str16 *'), 'void *']);
  const text: [string | null] = [null];
  if (ConvertSecurityDescriptorToStringSecurityDescriptorW(securityOf(handle), SDDL_REVISION_1, DACL_SECURITY_INFORMATION, text, new Uint32Array(1)) === 0) {
    throw new Error(`the security of the handle ${handle} cannot be written as text`);
  }
  return [...(text[0] ?? '').matchAll(/;([^;()]+)\)/g)].map(([, trustee = '']) => trustee);
}

/** Of a self-relative descriptor the offset of the list stands at byte 16; behind its header of 8 bytes come the entries. */
export function grantedToEveryone(handle: number): number {
  const view = new DataView(securityOf(handle).buffer);
  const list = view.getUint32(16, true);
  let granted = 0;
  for (let index = 0, at = list + 8; index < view.getUint16(list + 4, true); index++, at += view.getUint16(at + 2, true)) {
    const sid = Buffer.from(view.buffer, at + 8, 12).toString('hex');
    if (sid === EVERYONE) granted |= view.getUint32(at + 4, true);
  }
  return granted;
}

/** S-1-1-0. */
const EVERYONE = '010100000000000100000000';
