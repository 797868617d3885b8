import { typeError, valueError } from '../arguments.js';
import { DISPOSE } from '../dispose.js';
import { systemError } from '../errors.js';
import type { Handle } from '../kernel/kernel.js';
import { kernel } from '../kernel/select.js';
import type { Waitable } from '../waitable.js';
import { checkObject } from './duplicate.js';
import type { SharedMemory } from '../memory/shared-memory.js';

/** Tells a child what it has inherited: `<label>=<handle>`, separated by `;`. A handle is a decimal number of 32 bits with a sign. */
const VARIABLE = 'WAITABLE_INHERITED';

/** What a child is to inherit, by labels of the caller's. */
export type Inheritance = Readonly<Record<string, Waitable | SharedMemory>>;

/** Handles that a child is about to inherit: duplicates, which are inheritable for the moment of the launch alone. */
export class Bequest implements Disposable {
  readonly handles: Readonly<Record<string, Handle>>;

  private constructor(handles: Readonly<Record<string, Handle>>) {
    this.handles = handles;
  }

  static of(inheritance: unknown): Bequest {
    if (typeof inheritance !== 'object' || inheritance === null) throw typeError('inherit', 'an object whose members are Mutexes, Semaphores, Events, Timers, Processes or SharedMemory', inheritance);
    const objects = Object.entries(inheritance).map(([label, object]) => {
      if (!/^[\w.-]+$/.test(label)) throw valueError(`inherit must have labels of letters, digits, dots, hyphens and underscores; given: ${JSON.stringify(label)}`);
      return [label, checkObject(object, `inherit.${label}`)] as const;
    });
    const bequest = new Bequest({});
    for (const [label, object] of objects) {
      const handle = kernel.duplicate(object.handle, true);
      if (handle === 0) {
        const { failure } = kernel;
        bequest[DISPOSE]();
        throw systemError(failure, object);
      }
      Object.assign(bequest.handles, { [label]: handle });
    }
    return bequest;
  }

  /** What the child's environment has to have besides. */
  get variables(): Record<string, string> {
    return { [VARIABLE]: Object.entries(this.handles).map(([label, handle]) => `${label}=${handle}`).join(';') };
  }

  [DISPOSE](): void {
    for (const handle of Object.values(this.handles)) kernel.close(handle);
  }
}

/**
 * The handle that this process has inherited under a label from a parent that `launch`ed it with `inherit`.
 *
 * @param label - As the parent has it.
 * @returns A signed 32-bit number, for `fromHandle` or `SharedMemory.fromHandle`; `undefined` if there is none of that label.
 * @example
 * ```ts
 * using lock = fromHandle(Mutex, inheritedHandle('lock') ?? fail(), { adopt: true });
 * ```
 * @throws TypeError.
 */
export function inheritedHandle(label: string): Handle | undefined {
  if (typeof label !== 'string') throw typeError('label', 'a string', label);
  for (const entry of (process.env[VARIABLE] ?? '').split(';')) {
    const [known, handle = ''] = entry.split('=');
    if (known === label && /^-?\d{1,10}$/.test(handle)) return Number(handle) | 0;
  }
  return undefined;
}
