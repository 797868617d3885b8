import { checkBoolean, checkText, typeError, valueError } from '../arguments.js';
import { DISPOSE } from '../dispose.js';
import { systemError } from '../errors.js';
import type { Bitness, LaunchMethod } from '../kernel/processes.js';
import { processes } from '../kernel/select.js';
import { checkOptions, type OptionNames } from '../options-bag.js';
import { OwnedHandle } from '../owned-handle.js';
import { Bequest, type Inheritance } from './inheritance.js';
import { LaunchedProcess } from './launched-process.js';
import { checkProgram, explained, programOf } from './program.js';
import { checkBitness } from './system-directory.js';

/**
 * A program and its arguments, each as the program is to see it.
 *
 * The program is a path, a relative one from `cwd`; or a name without a folder, which the system looks for: elsewhere on the
 * `PATH`, on Windows first beside this process's own program, **in its current directory** and in the system's folders. On
 * Windows a name without an extension means one with `.exe`. All arguments together may have some 32,000 characters there.
 */
export type Command = readonly [program: string, ...args: string[]];

export interface LaunchOptions {
  /**
   * The bitness that the program has to have. A name without a folder is then one of the system's own programs on Windows (see `systemDirectory`), and elsewhere the first such on the `PATH`; of a
   * path, the program's header is asked before it is started. By default the program decides.
   */
  readonly bitness?: Bitness | undefined;
  /**
   * What the child is to inherit, and it alone, whatever other handles are inheritable: see `inheritedHandle`. Each handle has the same value in the child. Not with `'ShellExecute'`, nor on Linux, where
   * handles are put into processes that take part already: see `duplicateTo`. While it is launched, children that other code
   * of this process starts at the same instant (Node's own `spawn`, in another thread) inherit the handles too.
   */
  readonly inherit?: Inheritance | undefined;
  /**
   * - `'CreateProcess'` (the default): the program itself. It takes `.exe` files; no documents, and no batch files, whose arguments the command interpreter would read in its own way.
   * - `'ShellExecute'`: as Explorer starts it: also programs that are registered under `App Paths`, and programs that ask the
   *   user for more rights. It is for programs: a document or a link is opened too, but takes no arguments, often gives no
   *   process to wait for, and may need COM, which is not set up here. No batch files either. The child inherits nothing, and
   *   its environment is this process's. Windows alone.
   */
  readonly method?: LaunchMethod | undefined;
  /** Its current directory. By default this process's. */
  readonly cwd?: string | undefined;
  /**
   * Its environment, whole. By default this process's. Not with `'ShellExecute'`.
   *
   * On Windows names that differ in case alone are one variable, and the last one given counts. Those that no program can do
   * without there (`PATH`, `SYSTEMROOT`, `TEMP` and others, the same as for Node's `spawn`) are added where they are missing.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** `'ignore'` (the default): its standard streams lead nowhere. `'inherit'`: they are this process's. */
  readonly stdio?: 'ignore' | 'inherit' | undefined;
  /**
   * Whether it gets no window, and no console that one could see. `true` by default; without effect on Linux. With streams
   * that lead to this process's console, the child shares that console. With `'ShellExecute'` the console of a console
   * program may show where Windows Terminal is the default.
   */
  readonly hidden?: boolean | undefined;
}

const OPTIONS: OptionNames<LaunchOptions> = { bitness: true, inherit: true, method: true, cwd: true, env: true, stdio: true, hidden: true };

/**
 * Starts a program of either bitness, from either.
 *
 * @param command - The program and its arguments; or a function that is given the handles that the child inherits, by label, and gives the two.
 * @returns The process: an object to wait for, with its exit code. It runs on when this process ends, or the object is closed.
 * @example
 * ```ts
 * using done = Event.create();
 * using child = launch(handles => ['node.exe', 'child.mjs', String(handles.done)], { inherit: { done } });
 * const { object } = await waitAny([done, child]);
 * if (object === child) throw new Error(`it ended with ${child.exitCode}`);
 * ```
 * @throws NotFoundError (there is no such program); AccessDeniedError (also: it asks for more rights than this process has,
 * `ERROR_ELEVATION_REQUIRED`, or a policy forbids it); SyncError: `ERROR_BAD_EXE_FORMAT` (it is no program),
 * `ERROR_DIRECTORY` (`cwd` is no directory), `ERROR_FILENAME_EXCED_RANGE` (the arguments, or the path, are too long),
 * `ERROR_CANCELLED` (the user declined to give it more rights); UnsupportedPlatformError (with `'ShellExecute'`, also: the
 * shell started no process of its own); ClosedError, TypeError.
 * @see {@link https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw | CreateProcessW}
 * @see {@link https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-shellexecuteexw | ShellExecuteExW}
 */
export function launch(command: Command | ((handles: Readonly<Record<string, number>>) => Command), options?: LaunchOptions): LaunchedProcess {
  const { bitness, inherit = {}, method = 'CreateProcess', cwd, env, stdio = 'ignore', hidden = true } = checkOptions(options, OPTIONS);
  if (method !== 'CreateProcess' && (method as unknown) !== 'ShellExecute') throw typeError('method', "'CreateProcess' or 'ShellExecute'", method);
  if (stdio !== 'ignore' && (stdio as unknown) !== 'inherit') throw typeError('stdio', "'ignore' or 'inherit'", stdio);
  checkBoolean(hidden, 'hidden');
  if (cwd !== undefined) checkText(cwd, 'cwd');
  const shell = method === 'ShellExecute';
  if (shell && options?.env !== undefined) throw typeError('env', "absent with 'ShellExecute', which gives the child this process's", env);
  if (shell && options?.stdio === 'inherit') throw typeError('stdio', "'ignore' with 'ShellExecute', which passes no handles on", stdio);
  if (shell && options?.inherit !== undefined) throw typeError('inherit', "absent with 'ShellExecute', which passes no handles on", inherit);
  const wanted = bitness === undefined ? undefined : checkBitness(bitness);

  const bequest = Bequest.of(inherit);
  try {
    const [given, ...args] = checkCommand(typeof command === 'function' ? command(bequest.handles) : command);
    const program = checkProgram(given, method, args.length > 0);
    const file = wanted === undefined ? program : programOf(wanted, program, cwd);
    const handles = Object.values(bequest.handles);
    const environment = env === undefined && handles.length === 0 ? undefined : { ...checkEnvironment(env ?? process.env), ...(handles.length === 0 ? {} : bequest.variables) };
    const handle = processes.launch({ method, file, args, directory: cwd, environment, inherit: handles, standardStreams: stdio, hidden });
    if (handle === 0) throw systemError(explained(processes.failure, cwd), { kind: 'process', name: file });
    const owned = new OwnedHandle(handle);
    try {
      return new LaunchedProcess({ owned, identity: owned });
    } catch (error) {
      owned.close();
      throw error;
    }
  } finally {
    bequest[DISPOSE]();
  }
}

function checkCommand(command: unknown): Command {
  const allowed = 'an array of strings: a program and its arguments';
  if (!Array.isArray(command) || command.length === 0) throw typeError('command', allowed, command);
  const words = command.map((word: unknown, index) => checkText(word, `command[${index}]`));
  const [program = '', ...args] = words;
  if (program === '' || program.includes('"')) throw valueError(`command[0] must name a program; given: ${JSON.stringify(program)}`);
  return [program, ...args];
}

function checkEnvironment(env: unknown): Record<string, string> {
  if (typeof env !== 'object' || env === null) throw typeError('env', 'an object of strings', env);
  const given = Object.entries(env as Record<string, unknown>).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    checkText(value, `env.${name}`);
    // Windows has variables of its own whose names begin with it.
    if (checkText(name, 'the name of a variable in env') === '' || name.includes('=', 1)) throw valueError(`env must have names without an equals sign; given: ${JSON.stringify(name)}`);
  }
  return Object.fromEntries(given) as Record<string, string>;
}
