import koffi from 'koffi';

/*
 * The conformance suite is one for all kernels. These are the rows in which they, and the runtimes, differ by design, all of them told in the README; any other difference is a bug.
 */

const onLinux = process.platform === 'linux';

/** How many objects one wait takes at most. */
export const MAXIMUM_OBJECTS = onLinux ? 128 : 64;

/** Security descriptors in SDDL, and lists of those whom an object lets in. */
export const HAS_SECURITY_DESCRIPTORS = !onLinux;

/** What a handle that was made inheritable is. Linux has handles of one process alone. */
export const INHERITABLE = onLinux ? 'private' : 'inheritable';

/** Whether a child can inherit handles. On Linux they belong to processes that take part already. */
export const CHILDREN_INHERIT = !onLinux;

/** Whether there is a shell that launches programs, with a process to wait for; and a file system redirector. */
export const HAS_SHELL_EXECUTE = !onLinux;
export const HAS_REDIRECTOR = !onLinux;

/** Whether the names of environment variables are the same in capitals, and some of them are given to every child. */
export const FOLDS_NAMES_OF_VARIABLES = !onLinux;

/** Whether a program can be called by RPC, and by COM. The DLL for it is one for x86 processors. */
export const HAS_RPC_AND_COM = !onLinux && ['x64', 'ia32'].includes(process.arch);

/** Whether there are handles that are negative: pseudo-handles. */
export const HAS_NEGATIVE_HANDLES = !onLinux;

/** Whether a handle to a process can be put into another process. On Linux it is a file descriptor. */
export const PROCESS_HANDLES_GO_TO_OTHER_PROCESSES = !onLinux;

/** Whether a handle value is soon given to something else. On Linux it comes back after 4,096 turns of a place that all processes share, so that no test can wait for it. */
export const HANDLE_VALUES_COME_BACK = !onLinux;

/** Whether there are handles to what the library has no kind for. */
export const HAS_OTHER_KINDS = !onLinux;

/** Windows rounds the ids of processes down to multiples of 4; elsewhere each number may be a process. */
export const PROCESS_IDS_ARE_MULTIPLES_OF_4 = !onLinux;

/** Whether the handles of a worker thread close when it is terminated from outside. On Windows they stay open until its process ends. */
export const TERMINATED_THREADS_CLOSE = onLinux;

/** Whether a wait thread may own the mutex for the thread that asked. On Linux it only watches. */
export const WAIT_THREADS_OWN = !onLinux;

const onBun = process.versions['bun'] !== undefined;
const onDeno = process.versions['deno'] !== undefined;

/** Whether a command to a peer process has left before this thread blocks. Bun writes to a child's input when the turn of its loop ends. */
export const COMMANDS_LEAVE_AT_ONCE = !onBun;

/** What an object says that is not to be cloned. Bun refuses in words of its own, which say no reason. */
export const NO_CLONE = onBun ? /can not be cloned/ : /belongs to the thread that made it.*could not be cloned/;

/** Whether `node:timers` keeps the timers that there were at the start. Bun's has whatever is global when it is first imported. */
export const TIMERS_HAVE_A_MODULE = !onBun;

/** Whether a script sees the PATH that its process was given. Deno puts a folder of its own in front. */
export const SCRIPTS_SEE_PATH = !onDeno;

/** Whether a thread has ended when `worker.terminate()` says so. Deno's ends a little later, and what it had open closes then. */
export const TERMINATION_IS_AWAITED = !onDeno;

/** Whether `addAbortListener` hears of an abort whose event another listener has stopped. Deno adds a plain listener. */
export const ABORTS_CANNOT_BE_STOPPED = !onDeno;

/** Whether the stack of an error shows the async functions that await it. JavaScriptCore, which Bun has, shows none. */
export const STACKS_SHOW_ASYNC_CALLERS = !onBun;

/** Whether NODE_OPTIONS names modules to be preloaded. Bun and Deno have options of their own. */
export const HAS_NODE_OPTIONS = !onBun && !onDeno;

/** Whether this is Wine rather than Windows: for the few things that it does wrong, and that the library cannot mend. */
export const underWine = !onLinux && exportsWineVersion();

function exportsWineVersion(): boolean {
  try {
    koffi.load('ntdll.dll').func('wine_get_version', 'str', []);
    return true;
  } catch {
    return false;
  }
}
