import { createHash } from 'node:crypto';
import type { Created, CreateOptions, Handle, NamedKind } from '../kernel.js';
import { ERROR_FILE_NOT_FOUND, ERROR_INVALID_SECURITY_DESCR } from '../status.js';
import { FileFailure } from './file/failure.js';
import { GlobalNames } from './global-names.js';
import { find, findOrMake, type Fill } from './named-objects.js';
import type { Sessions } from './sessions.js';

/** Makes objects, and finds them by name. A name is known by its digest. */
export class Namespace {
  readonly #sessions: Sessions;
  readonly #global: GlobalNames;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#global = new GlobalNames(sessions);
  }

  /**
   * @param code - The kind as the file has it.
   * @throws FileFailure
   */
  create(kind: NamedKind, name: string | undefined, options: CreateOptions, code: number, fill: Fill): Created {
    const { security } = options;
    if (security !== 'user' && security !== 'everyone') throw refusedSecurity("'user' or 'everyone', for Linux has no security descriptors");
    const full = name === undefined ? undefined : fullName(name);
    const order = { kind, digest: full === undefined ? undefined : digestOf(full), options, code, fill };
    if (full !== undefined && isGlobal(full)) return this.#global.create(order, security === 'everyone');
    if (full !== undefined && security === 'everyone') throw refusedSecurity("'user' for a name outside Global\\, for on Linux names in Local\\ are this user's alone; 'everyone' goes with names in Global\\");
    const session = this.#sessions.of('user', true);
    return session.changing(() => findOrMake(session, order));
  }

  /** @throws FileFailure */
  open(kind: NamedKind, name: string, access: number, inheritable: boolean): Handle {
    const full = fullName(name);
    const wanted = { kind, digest: digestOf(full), options: { access, inheritable } };
    if (isGlobal(full)) return this.#global.open(wanted);
    const session = this.#sessions.of('user', true);
    const handle = session.changing(() => find(session, wanted));
    if (handle !== 0) return handle;
    throw new FileFailure({ errno: ERROR_FILE_NOT_FOUND, syscall: '' });
  }
}

function refusedSecurity(allowed: string): FileFailure {
  return new FileFailure({ errno: ERROR_INVALID_SECURITY_DESCR, syscall: '', argument: { name: 'security', allowed } });
}

/** Two names are the same object's exactly if these are equal: no prefix means `Local\`. */
function fullName(name: string): string {
  return isGlobal(name) || name.startsWith('Local\\') ? name : `Local\\${name}`;
}

function isGlobal(name: string): boolean {
  return name.startsWith('Global\\');
}

function digestOf(name: string): Int32Array {
  const bytes = createHash('sha256').update(name, 'utf16le').digest();
  return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
