import { constants } from 'node:os';
import koffi from 'koffi';
import type { LaunchOrder } from '../../processes.js';

const SPAWN_SETSIGDEF = 0x4;
const SPAWN_SETSIGMASK = 0x8;
/** More than any C library's `posix_spawnattr_t`, `posix_spawn_file_actions_t` and `sigset_t`. */
const OPAQUE_BYTES = 1024;

const P_PID = 1;
const P_PIDFD = 3;
const WNOHANG = 0x1;
const WEXITED = 0x4;
const WNOWAIT = 0x1000000;
const SIGINFO_BYTES = 128;
/** Places of 32-bit words in `siginfo_t`, whose union is aligned to a pointer. */
const SI_CODE = 2;
const UNION = koffi.sizeof('void *') === 8 ? 4 : 3;
const SI_STATUS = UNION + 2;
const CLD_EXITED = 1;
/** What shells add to a signal's number. */
const ENDED_BY_SIGNAL = 128;

const SIGPIPE = 13;
const O_RDWR = 2;

/** Either an errno, or the process's id. */
type Spawned = { readonly processId: number } | { readonly errno: number };

/**
 * Child processes, started by the C library rather than by Node: Node collects the exit code of a child of its own when its event loop turns, which a synchronous wait cannot wait for.
 *
 * A child that has ended stays a zombie until its handle has been closed and another child is started, or this process ends. So its id is nobody else's, and its exit code can be read, for as long as
 * somebody has the handle; as on Windows.
 */
export class Children {
  readonly #library = koffi.load(null);
  readonly #spawn: (processId: Int32Array, file: string, actions: Uint8Array, attributes: Uint8Array, args: (string | null)[], environment: (string | null)[]) => number =
    this.#library.func('posix_spawnp', 'int', ['void *', 'str', 'void *', 'void *', 'str *', 'str *']);
  readonly #initialize = this.#bind('posix_spawnattr_init', 'void *');
  readonly #setFlags = this.#bind('posix_spawnattr_setflags', 'void *', 'short');
  readonly #setDefaults = this.#bind('posix_spawnattr_setsigdefault', 'void *', 'void *');
  readonly #setMask = this.#bind('posix_spawnattr_setsigmask', 'void *', 'void *');
  readonly #destroy = this.#bind('posix_spawnattr_destroy', 'void *');
  readonly #initializeActions = this.#bind('posix_spawn_file_actions_init', 'void *');
  readonly #addOpen = this.#bind('posix_spawn_file_actions_addopen', 'void *', 'int', 'str', 'int', 'uint32');
  readonly #destroyActions = this.#bind('posix_spawn_file_actions_destroy', 'void *');
  readonly #waitid = this.#bind('waitid', 'int', 'int', 'void *', 'int');

  #bind(name: string, ...parameters: string[]): (...args: (Uint8Array | Int32Array | number | string)[]) => number {
    return this.#library.func(name, 'int', parameters);
  }

  spawn(order: LaunchOrder): Spawned {
    const attributes = new Uint8Array(new ArrayBuffer(OPAQUE_BYTES));
    const actions = new Uint8Array(new ArrayBuffer(OPAQUE_BYTES));
    this.#initialize(attributes);
    this.#initializeActions(actions);
    try {
      // Node ignores SIGPIPE, which its children are not to inherit.
      const signals = new Uint8Array(new ArrayBuffer(OPAQUE_BYTES));
      this.#setMask(attributes, signals);
      signals[(SIGPIPE - 1) >> 3] = 1 << ((SIGPIPE - 1) & 7);
      this.#setDefaults(attributes, signals);
      this.#setFlags(attributes, SPAWN_SETSIGDEF | SPAWN_SETSIGMASK);
      for (const stream of order.standardStreams === 'ignore' ? [0, 1, 2] : []) this.#addOpen(actions, stream, '/dev/null', O_RDWR, 0);
      if (order.directory !== undefined && !this.#addChangeOfDirectory(actions, order.directory)) return { errno: constants.errno.ENOSYS };
      const processId = new Int32Array(new ArrayBuffer(4));
      const environment = Object.entries(order.environment ?? process.env).map(([name, value]) => `${name}=${value ?? ''}`);
      const errno = this.#spawn(processId, order.file, actions, attributes, [order.file, ...order.args, null], [...environment, null]);
      return errno === 0 ? { processId: processId[0] ?? 0 } : { errno };
    } finally {
      this.#destroyActions(actions);
      this.#destroy(attributes);
    }
  }

  /** False where the C library has no such function. */
  #addChangeOfDirectory(actions: Uint8Array, directory: string): boolean {
    try {
      this.#bind('posix_spawn_file_actions_addchdir_np', 'void *', 'str')(actions, directory);
      return true;
    } catch {
      return false;
    }
  }

  /** Of a child through its pidfd; that of a process which a signal has ended is 128 and the signal. */
  exitCodeOf(descriptor: number): number | 'running' | 'unknown' {
    const information = new Int32Array(new ArrayBuffer(SIGINFO_BYTES));
    if (this.#waitid(P_PIDFD, descriptor, information, WEXITED | WNOHANG | WNOWAIT) !== 0) return 'unknown'; // not a child of this process
    if (information[UNION] === 0) return 'running';
    const status = information[SI_STATUS] ?? 0;
    return information[SI_CODE] === CLD_EXITED ? status : ENDED_BY_SIGNAL + status;
  }

  /** If that child has ended, it is a zombie no more: whether it is so. */
  collect(processId: number): boolean {
    const information = new Int32Array(new ArrayBuffer(SIGINFO_BYTES));
    return this.#waitid(P_PID, processId, information, WEXITED | WNOHANG) !== 0 || information[UNION] !== 0;
  }
}
