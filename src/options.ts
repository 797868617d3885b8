import { checkBoolean, typeError, valueError } from './arguments.js';
import { MODIFY_STATE, SYNCHRONIZE } from './kernel/access.js';
import type { CreateOptions, NamedKind } from './kernel/kernel.js';
import { checkOptions, type OptionNames } from './options-bag.js';

/**
 * A right that a handle carries, in Win32's words: `synchronize` to wait, `modifyState` to release, set, reset or start, `queryState`
 * to read the state, `delete`, `readControl`, `writeDac` and `writeOwner` for the object's security, `allAccess` for all of them.
 *
 * @see {@link https://learn.microsoft.com/windows/win32/sync/synchronization-object-security-and-access-rights}
 */
export type AccessRight = 'synchronize' | 'modifyState' | 'queryState' | 'delete' | 'readControl' | 'writeDac' | 'writeOwner' | 'allAccess';

export interface OpenOptions {
  /** The rights to ask for. By default the least that this library needs: `['synchronize', 'modifyState']`. */
  readonly access?: readonly AccessRight[] | undefined;
  /** Whether child processes may inherit the handle. `false` by default. */
  readonly inheritable?: boolean | undefined;
}

export interface ObjectOptions extends OpenOptions {
  /**
   * Who may open the object by its name: `'user'` (the default: the current user and the system), `'everyone'` (on Linux for names in `Global\` alone), or, on Windows, a security descriptor in SDDL,
   * such as `'D:P(A;;GA;;;BA)'`. Without effect where the object exists already.
   *
   * @see {@link https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format}
   */
  readonly security?: 'user' | 'everyone' | (string & {}) | undefined;
}

const STANDARD_RIGHTS = { synchronize: SYNCHRONIZE, delete: 0x10000, readControl: 0x20000, writeDac: 0x40000, writeOwner: 0x80000 };
/** MUTEX_MODIFY_STATE has the value that the other kinds' QUERY_STATE has. */
const MUTEX_RIGHTS: Record<AccessRight, number> = { ...STANDARD_RIGHTS, queryState: 0x1, modifyState: 0x1, allAccess: 0x1f0001 };
const OTHER_RIGHTS: Record<AccessRight, number> = { ...STANDARD_RIGHTS, queryState: 0x1, modifyState: MODIFY_STATE, allAccess: 0x1f0003 };

export const OPEN_OPTIONS: OptionNames<OpenOptions> = { access: true, inheritable: true };
export const OBJECT_OPTIONS: OptionNames<ObjectOptions> = { ...OPEN_OPTIONS, security: true };

const KINDS_WITH_RIGHTS = ['mutex', 'semaphore', 'event', 'timer'];

const LEAST_RIGHTS: readonly AccessRight[] = ['synchronize', 'modifyState'];

type KernelOpenOptions = Pick<CreateOptions, 'access' | 'inheritable'>;

export function checkOpenOptions(kind: NamedKind, options: OpenOptions | undefined): KernelOpenOptions {
  return openOptions(kind, checkOptions(options, OPEN_OPTIONS));
}

function openOptions(kind: NamedKind, { access = LEAST_RIGHTS, inheritable = false }: OpenOptions): KernelOpenOptions {
  return { access: checkAccess(kind, access), inheritable: checkBoolean(inheritable, 'inheritable') };
}

/** @param options - Of which the kind's own have been checked, and whose keys all are known. */
export function checkObjectOptions(kind: NamedKind, options: ObjectOptions): CreateOptions {
  const { security = 'user' } = options;
  if (typeof security !== 'string') throw typeError('security', "'user', 'everyone' or an SDDL string", security);
  if (security === '' || security.includes('\0')) throw valueError(`security must be 'user', 'everyone' or an SDDL string; given: ${JSON.stringify(security)}`);
  return { ...openOptions(kind, options), security };
}

/** The access mask of rights by name. */
export function checkAccess(kind: NamedKind, access: unknown): number {
  const rights = kind === 'mutex' ? MUTEX_RIGHTS : OTHER_RIGHTS;
  const allowed = `a non-empty array of ${Object.keys(rights).map(right => `'${right}'`).join(', ')}`;
  if (!Array.isArray(access) || access.length === 0) throw typeError('access', allowed, access);
  return access.reduce<number>((mask, right: unknown) => {
    if (typeof right !== 'string' || !Object.hasOwn(rights, right)) throw typeError('access', allowed, right);
    return mask | rights[right as AccessRight];
  }, 0);
}

/** The opposite: all rights by name that the mask has. */
export function accessRights(kind: string, mask: number): AccessRight[] {
  if (!KINDS_WITH_RIGHTS.includes(kind)) return [];
  const rights = kind === 'mutex' ? MUTEX_RIGHTS : OTHER_RIGHTS;
  return (Object.keys(rights) as AccessRight[]).filter(right => (mask & rights[right]) === rights[right]);
}
