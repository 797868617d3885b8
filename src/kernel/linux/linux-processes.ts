import type { Failure, Handle } from '../kernel.js';
import type { Bitness, HandleInformation, LaunchOrder, Processes } from '../processes.js';
import {
  ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED, ERROR_TOO_MANY_OPEN_FILES,
} from '../status.js';
import { Children } from './system/children.js';
import { EMFILE, ENFILE } from './system/errno.js';
import { FileFailure } from './file/failure.js';
import { launchFailure } from './system/launch-failure.js';
import { CLIENT, clientPlace, INHERITABLE, KIND_PROCESS, OBJECT, objectPlace, REFERENCE } from './file/layout.js';
import type { LinuxKernel } from './linux-kernel.js';
import type { Opened } from './open-handle.js';
import { processIdIn } from './system/process-stat.js';
import type { Session } from './session.js';

const DUPLICATE = 'DuplicateHandle';

/** In an ELF header: 1 for 32 bits, 2 for 64. */
const EI_CLASS = 4;
const ELFCLASS32 = 1;

/**
 * Other processes, on Linux.
 *
 * A handle is a record in the shared file that says in which process it means something, and which thread closes it at the latest when it dies. So a handle can be put into another process, or
 * taken from there, as on Windows, by whoever may write to the file. One that is put there belongs to the first thread of that process which takes part: its main thread, mostly; then to the one that adopts it.
 *
 * | killed                                  | left                                        | repaired by |
 * |-----------------------------------------|---------------------------------------------|-------------|
 * | the giver, before OBJECT of the record  | a reference in no list                      | the next holder of the namespace mutex (`repair.ts`) |
 * | the giver, after it                     | the other process's handle, told to nobody  | that process's end |
 * | the other process, at any time          | its handle                                  | `Clients.reap`, as all of its handles |
 */
export class LinuxProcesses implements Processes {
  readonly #kernel: LinuxKernel;
  #children: Children | undefined;
  /** The ids of those that were launched here, by handle. Nobody else collects them, so that the ids stay theirs. */
  readonly #launched = new Map<Handle, number>();

  constructor(kernel: LinuxKernel) {
    this.#kernel = kernel;
  }

  get failure(): Failure {
    return this.#kernel.failure;
  }

  duplicateTo(processId: number, handle: Handle, access: number | undefined, inheritable: boolean): Handle {
    const opened = this.#kernel.resolve(handle, DUPLICATE);
    if (opened === undefined) return 0;
    const { session, object, kind } = opened;
    if (kind === KIND_PROCESS) return this.#refuse(ERROR_NOT_SUPPORTED, DUPLICATE, 'on Linux a process is known by a file descriptor of this process: let the other one open it by its id');
    return this.#kernel.attempt(DUPLICATE, () => session.changing(() => {
      session.clients.reap();
      const client = clientOf(processId, session);
      if (client === undefined) throw new FileFailure(lackOf(processId, session));
      return session.handleTable.open(object, access ?? opened.access, inheritable, { client, processId });
    })) ?? 0;
  }

  duplicateFrom(processId: number, handle: Handle, inheritable: boolean): Handle {
    const session = this.#kernel.sessionOf(handle, DUPLICATE);
    if (session === undefined) return 0;
    return this.#kernel.attempt(DUPLICATE, () => session.changing(() => {
      session.clients.reap();
      if (!session.system.exists(processId)) throw new FileFailure(lackOf(processId, session));
      const theirs = handle > 0 ? session.handleTable.resolve(handle, processId) : undefined;
      if (theirs === undefined) throw new FileFailure({ errno: ERROR_INVALID_HANDLE, syscall: DUPLICATE });
      if (session.words[objectPlace(theirs.object) + OBJECT.KIND] === KIND_PROCESS) {
        throw new FileFailure({ errno: ERROR_NOT_SUPPORTED, syscall: DUPLICATE, reason: 'on Linux a process is known by a file descriptor of the process that opened it: open it here by its id' });
      }
      return session.handleTable.open(theirs.object, theirs.access, inheritable);
    })) ?? 0;
  }

  inspect(handle: Handle): HandleInformation | undefined {
    const kind = this.#kernel.kindOf(handle);
    const opened = this.#kernel.resolve(handle, 'GetHandleInformation');
    if (kind === undefined || opened === undefined) return undefined;
    return { kind, access: opened.access, inheritable: ((opened.words[opened.at + REFERENCE.FLAGS] ?? 0) & INHERITABLE) !== 0 };
  }

  processIdOf(process: Handle): number {
    const opened = this.#processOf(process, 'GetProcessId');
    if (opened === undefined) return 0;
    const { files } = opened.session.system;
    const id = processIdIn(files, descriptorIn(opened));
    if (id === 0 && [EMFILE, ENFILE].includes(files.errno)) return this.#refuse(ERROR_TOO_MANY_OPEN_FILES, 'GetProcessId');
    return id > 0 ? id : this.#refuse(ERROR_INVALID_PARAMETER, 'GetProcessId', 'the process has ended, and its id may be another one\'s by now');
  }

  exitCodeOf(process: Handle): number | 'running' | 'unknown' | undefined {
    const opened = this.#processOf(process, 'GetExitCodeProcess');
    if (opened === undefined) return undefined;
    const code = (this.#children ??= new Children()).exitCodeOf(descriptorIn(opened));
    return code === 'unknown' && this.#kernel.wait(process, 0) !== 0 ? 'running' : code;
  }

  #processOf(process: Handle, syscall: string): Opened | undefined {
    const opened = this.#kernel.resolve(process, syscall);
    if (opened === undefined) return undefined;
    if (opened.kind === KIND_PROCESS) return opened;
    this.#refuse(ERROR_INVALID_HANDLE, syscall);
    return undefined;
  }

  bitnessOf(process: Handle): Bitness | undefined {
    const processId = this.processIdOf(process);
    const opened = this.#processOf(process, 'IsWow64Process2');
    if (processId === 0 || opened === undefined) return undefined;
    const header = opened.session.system.files.bytes(`/proc/${processId}/exe`, 0, EI_CLASS + 1);
    if (header === undefined) {
      this.#refuse(ERROR_ACCESS_DENIED, 'IsWow64Process2', `/proc/${processId}/exe cannot be read`);
      return undefined;
    }
    // Asked again: the id may have become another one's.
    return this.processIdOf(process) !== processId ? undefined : header[EI_CLASS] === ELFCLASS32 ? 32 : 64;
  }

  launch(order: LaunchOrder): Handle {
    if (order.method === 'ShellExecute') return this.#refuse(ERROR_NOT_SUPPORTED, 'ShellExecuteExW', 'Linux has no ShellExecute');
    if (order.inherit.length > 0) {
      return this.#refuse(ERROR_NOT_SUPPORTED, 'CreateProcessW', 'on Linux a handle belongs to a process that takes part already: let the child open the object by its name, or give it a handle by duplicateTo');
    }
    this.#collect();
    this.#children ??= new Children();
    const place = this.#keepPlace();
    if (place === 0) return 0;
    const spawned = this.#children.spawn(order);
    this.#kernel.close(place);
    if ('errno' in spawned) {
      this.#kernel.failure = launchFailure(spawned.errno, order);
      return 0;
    }
    // Nobody has collected it, so that its id is still its own.
    const handle = this.#kernel.openProcess(spawned.processId);
    if (handle !== 0) this.#launched.set(handle, spawned.processId);
    return handle;
  }

  /**
   * A handle to this process, got as one to a child is: what that lacks is known before there is a child. When it is
   * closed, its descriptor and its records are free for the child's, unless another thread is quicker.
   */
  #keepPlace(): Handle {
    const place = this.#kernel.openProcess(process.pid);
    if (place === 0 || this.processIdOf(place) > 0) return place;
    const { failure } = this.#kernel;
    this.#kernel.close(place);
    return this.#refuse(failure.errno, failure.syscall, failure.reason);
  }

  /** Children that have ended, and nobody has a handle to. */
  #collect(): void {
    for (const [handle, processId] of this.#launched) {
      const closed = this.#kernel.resolve(handle, 'CloseHandle') === undefined;
      if (closed && this.#children?.collect(processId) === true) this.#launched.delete(handle);
    }
  }

  systemDirectory(): undefined {
    this.#refuse(ERROR_NOT_SUPPORTED, 'GetSystemDirectoryW', 'Linux has no file system redirector, and no folders for it');
    return undefined;
  }

  #refuse(errno: number, syscall: string, reason?: string): 0 {
    this.#kernel.failure = reason === undefined ? { errno, syscall } : { errno, syscall, reason };
    return 0;
  }
}

function descriptorIn({ shared }: Opened): number {
  return shared?.descriptor ?? -1;
}

/** A living thread of the process that takes part; its main thread, if that one does. Under the namespace mutex. */
function clientOf(processId: number, { words, clients }: Session): number | undefined {
  let found: number | undefined;
  for (let client = 0; client < clients.used; client++) {
    const at = clientPlace(client);
    if (words[at + CLIENT.PID] !== processId || !clients.alive(client)) continue;
    if (words[at + CLIENT.LIFE] === processId) return client;
    found ??= client;
  }
  return found;
}

function lackOf(processId: number, { system, file }: Session): Failure {
  if (!system.exists(processId)) return { errno: ERROR_INVALID_PARAMETER, syscall: 'OpenProcess', reason: `there is no process ${processId}` };
  return { errno: ERROR_NOT_SUPPORTED, syscall: DUPLICATE, reason: `the process ${processId} has opened nothing in ${file.folder} yet, and so can have no handle` };
}
