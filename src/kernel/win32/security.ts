import koffi from 'koffi';
import type { Failure } from '../kernel.js';
import { CURRENT_PROCESS, type Address, type Kernel32 } from './bindings.js';

const SDDL_REVISION_1 = 1;
const TOKEN_QUERY = 0x0008;
const TOKEN_USER = 1;
/** A TOKEN_USER with the longest SID there can be (15 sub-authorities) fits well within this. */
const TOKEN_USER_BYTES = 128;

/**
 * What everybody may who can reach the name space: wait, signal, map, and ask for the state and the security; but not
 * change the security or the owner, and so shut others out. One mask for all kinds: the low bits are each kind's own.
 * `WD` is Everyone, to whom neither AppContainers nor processes of low integrity belong.
 */
const FOR_EVERYONE = '(A;;0x120007;;;WD)';

interface Advapi32 {
  ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl: string, revision: number, descriptor: BigInt64Array, bytes: Address): number;
  OpenProcessToken(process: number, access: number, token: Int32Array): number;
  GetTokenInformation(token: number, kind: number, information: Uint8Array, bytes: number, needed: Int32Array): number;
  ConvertSidToStringSidW(sid: Uint8Array, text: BigInt64Array): number;
}

function bindAdvapi32(): Advapi32 {
  const library = koffi.load('advapi32.dll');
  const bind = (name: keyof Advapi32, ...parameters: string[]) => library.func('__stdcall', name, 'int32', parameters);
  return {
    ConvertStringSecurityDescriptorToSecurityDescriptorW: bind('ConvertStringSecurityDescriptorToSecurityDescriptorW', 'str16', 'uint32', 'void *', 'intptr'),
    OpenProcessToken: bind('OpenProcessToken', 'intptr', 'uint32', 'void *'),
    GetTokenInformation: bind('GetTokenInformation', 'intptr', 'int32', 'void *', 'uint32', 'void *'),
    ConvertSidToStringSidW: bind('ConvertSidToStringSidW', 'void *', 'void *'),
  };
}

/** A security descriptor in the system's memory, alive for as long as this process: see {@link SecurityDescriptors.find}. */
type Descriptor = Address;

/**
 * Turns the `security` option into a security descriptor.
 *
 * `'user'` and `'everyone'` are made once for each thread and kept. One from a caller's own SDDL lives for one create:
 * {@link SecurityDescriptors.release} gives it back, so that a program that makes up descriptors does not grow.
 */
export class SecurityDescriptors {
  readonly #kernel32: Kernel32;
  readonly #kept = new Map<string, Descriptor>();
  #advapi32: Advapi32 | undefined;
  failure: Failure = { errno: 0, syscall: '' };

  constructor(kernel32: Kernel32) {
    this.#kernel32 = kernel32;
  }

  /** `undefined` on failure. */
  find(security: string): Descriptor | undefined {
    const kept = this.#kept.get(security);
    if (kept !== undefined) return kept;
    if (security !== 'user' && security !== 'everyone') {
      const given = this.#convert(security);
      if (given === undefined) this.failure = { ...this.failure, argument: { name: 'security', allowed: "'user', 'everyone' or a security descriptor in SDDL" } };
      return given;
    }

    const own = this.#currentUserSddl();
    const descriptor = own === undefined ? undefined : this.#convert(security === 'everyone' ? own + FOR_EVERYONE : own);
    if (descriptor !== undefined) this.#kept.set(security, descriptor);
    return descriptor;
  }

  release(security: string, descriptor: Descriptor): void {
    if (!this.#kept.has(security)) this.#kernel32.LocalFree(descriptor);
  }

  #convert(sddl: string): Descriptor | undefined {
    const descriptor = pointerCell();
    const done = this.#advapi().ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, descriptor, 0);
    return this.#succeeded('ConvertStringSecurityDescriptorToSecurityDescriptorW', done) ? pointerIn(descriptor) : undefined;
  }

  /** This user and the system. The user is named by SID: the owner of what an elevated process makes may be the Administrators group. */
  #currentUserSddl(): string | undefined {
    const advapi32 = this.#advapi();
    const token = new Int32Array(new ArrayBuffer(8));
    if (!this.#succeeded('OpenProcessToken', advapi32.OpenProcessToken(CURRENT_PROCESS, TOKEN_QUERY, token))) return undefined;
    const [tokenHandle = 0] = token; // of a handle, the low 32 bits
    const user = new Uint8Array(new ArrayBuffer(TOKEN_USER_BYTES));
    const needed = new Int32Array(new ArrayBuffer(4));
    const informed = this.#succeeded('GetTokenInformation', advapi32.GetTokenInformation(tokenHandle, TOKEN_USER, user, TOKEN_USER_BYTES, needed));
    this.#kernel32.CloseHandle(tokenHandle);
    if (!informed) return undefined;

    // TOKEN_USER begins with a pointer to the SID, which the system has put behind it in the same buffer.
    const sidOffset = pointerIn(user) - Number(koffi.address(user));
    const text = pointerCell();
    if (!this.#succeeded('ConvertSidToStringSidW', advapi32.ConvertSidToStringSidW(user.subarray(sidOffset), text))) return undefined;
    const address = pointerIn(text);
    const sid = koffi.decode.string16(BigInt(address));
    this.#kernel32.LocalFree(address);
    return `D:P(A;;GA;;;${sid})(A;;GA;;;SY)`;
  }

  #advapi(): Advapi32 {
    return (this.#advapi32 ??= bindAdvapi32());
  }

  #succeeded(syscall: string, result: number): boolean {
    if (result === 0) this.failure = { errno: this.#kernel32.GetLastError(), syscall };
    return result !== 0;
  }
}

/** Room for one pointer of either width; zeroed, so that 4 bytes written by a 32-bit system read back as the number they are. */
function pointerCell(): BigInt64Array {
  return new BigInt64Array(new ArrayBuffer(8));
}

function pointerIn(memory: Uint8Array | BigInt64Array): Address {
  const view = new DataView(memory.buffer);
  return koffi.sizeof('intptr') === 8 ? Number(view.getBigInt64(0, true)) : view.getUint32(0, true);
}
