import { createHash } from 'node:crypto';
import type { Created, CreateOptions, Handle, NamedKind, ObjectKind } from '../kernel.js';
import { ERROR_FILE_NOT_FOUND, ERROR_INVALID_HANDLE, ERROR_INVALID_SECURITY_DESCR } from '../status.js';
import {
  KIND_AUTO_EVENT, KIND_AUTO_TIMER, KIND_MANUAL_EVENT, KIND_MANUAL_TIMER, KIND_MUTEX, KIND_PROCESS, KIND_SECTION, KIND_SEMAPHORE, OBJECT, objectPlace,
} from './layout.js';
import { FileFailure } from './file-failure.js';
import type { Space } from './space.js';
import type { Spaces } from './spaces.js';

export const KIND_NAMES: Readonly<Record<number, ObjectKind>> = {
  [KIND_MUTEX]: 'mutex', [KIND_SEMAPHORE]: 'semaphore', [KIND_AUTO_EVENT]: 'event', [KIND_MANUAL_EVENT]: 'event',
  [KIND_AUTO_TIMER]: 'timer', [KIND_MANUAL_TIMER]: 'timer', [KIND_PROCESS]: 'process', [KIND_SECTION]: 'section',
};

/** Gives a new object its first state, before anybody can find it. `at` is the place of its WORD. What it gives is the object's generation, where it cannot be the one that it gets. */
export type Fill = (space: Space, at: number, generation: number) => number | undefined;

/**
 * Makes objects, and finds them by name. A name is known by its digest.
 *
 * A name in `Global\` may be in the user's own file or in everybody's: the one that has it counts, whatever was asked for.
 */
export class Namespace {
  readonly #spaces: Spaces;

  constructor(spaces: Spaces) {
    this.#spaces = spaces;
  }

  /**
   * @param code - The kind as the file has it.
   * @throws FileFailure
   */
  create(kind: NamedKind, name: string | undefined, { access, inheritable, security }: CreateOptions, code: number, fill: Fill): Created {
    if (security !== 'user' && security !== 'everyone') {
      throw new FileFailure({ errno: ERROR_INVALID_SECURITY_DESCR, syscall: '', argument: { name: 'security', allowed: "'user' or 'everyone', for Linux has no security descriptors" } });
    }
    const full = name === undefined ? undefined : fullName(name);
    const digest = full === undefined ? undefined : digestOf(full);
    const forEveryone = full !== undefined && isGlobal(full) && security === 'everyone';
    if (full !== undefined && digest !== undefined && isGlobal(full)) {
      const elsewhere = this.#spaces.of(forEveryone ? 'user' : 'everyone', false);
      const handle = elsewhere === undefined ? 0 : find(elsewhere, kind, digest, access, inheritable);
      if (handle !== 0) return { handle, createdNew: false };
    }
    const space = this.#spaces.of(forEveryone ? 'everyone' : 'user', true);
    return space.changing(() => {
      space.clients.reap();
      const existing = digest === undefined ? -1 : space.directory.find(digest);
      if (existing >= 0) return { handle: refer(space, existing, kind, access, inheritable), createdNew: false };
      const index = space.directory.make(code, digest, (at, generation) => fill(space, at, generation));
      try {
        return { handle: refer(space, index, kind, access, inheritable), createdNew: true };
      } catch (error) {
        space.directory.free(index);
        throw error;
      }
    });
  }

  /** @throws FileFailure */
  open(kind: NamedKind, name: string, access: number, inheritable: boolean): Handle {
    const full = fullName(name);
    const digest = digestOf(full);
    for (const audience of isGlobal(full) ? ['user', 'everyone'] as const : ['user'] as const) {
      const space = this.#spaces.of(audience, audience === 'user');
      const handle = space === undefined ? 0 : find(space, kind, digest, access, inheritable);
      if (handle !== 0) return handle;
    }
    throw new FileFailure({ errno: ERROR_FILE_NOT_FOUND, syscall: '' });
  }
}

/** 0 if there is none of that name. */
function find(space: Space, kind: NamedKind, digest: Int32Array, access: number, inheritable: boolean): Handle {
  return space.changing(() => {
    space.clients.reap();
    const index = space.directory.find(digest);
    return index < 0 ? 0 : refer(space, index, kind, access, inheritable);
  });
}

/** Under the namespace mutex. */
function refer(space: Space, index: number, kind: NamedKind, access: number, inheritable: boolean): Handle {
  const code = space.words[objectPlace(index) + OBJECT.KIND] ?? 0;
  if (KIND_NAMES[code] !== kind) throw new FileFailure({ errno: ERROR_INVALID_HANDLE, syscall: '' });
  return space.references.open(index, access, inheritable);
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
