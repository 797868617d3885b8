/**
 * Writes arguments so that `CommandLineToArgvW`, and with it the C run-time library of nearly every program, reads the same ones.
 *
 * Backslashes are plain but before a quotation mark, where each stands for half of one; so those before a mark, the closing one included, are doubled.
 *
 * @see {@link https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw | CommandLineToArgvW}
 */
export function quoteArguments(args: readonly string[]): string {
  return args.map(quoteArgument).join(' ');
}

/** A program's name is read by simpler rules: up to the second quotation mark, and backslashes are always plain. It has no quotation mark: no file name can. */
export function quoteProgram(file: string): string {
  return `"${file}"`;
}

function quoteArgument(text: string): string {
  if (text !== '' && !/[\s"]/.test(text)) return text;
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
}

/**
 * Variables that Windows' own libraries cannot do without: sockets and random numbers need `SYSTEMROOT`, say. libuv adds
 * the same ones to the environment of every child.
 */
const INDISPENSABLE = [
  'HOMEDRIVE', 'HOMEPATH', 'LOGONSERVER', 'PATH', 'SYSTEMDRIVE', 'SYSTEMROOT', 'TEMP', 'USERDOMAIN', 'USERNAME',
  'USERPROFILE', 'WINDIR',
];

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a process as `CreateProcessW` takes it: each name once, sorted without regard to case, as Windows
 * itself keeps it.
 *
 * Of names that differ in case alone the last one counts. So `{ ...process.env, PATH }` does what it says, although Windows
 * writes `Path`.
 *
 * @param own - This process's, for what no child can do without.
 * @see {@link https://learn.microsoft.com/windows/win32/procthread/changing-environment-variables | Changing Environment Variables}
 */
export function environmentBlock(environment: Variables, own: Variables): string {
  const variables = folded(environment);
  const inherited = folded(own);
  for (const key of INDISPENSABLE) {
    const variable = inherited.get(key);
    if (variable !== undefined && !variables.has(key)) variables.set(key, variable);
  }
  const entries = [...variables].sort(([one], [other]) => compare(one, other)).map(([, entry]) => entry);
  return entries.map(entry => `${entry}\0`).join('') + (entries.length === 0 ? '\0\0' : '\0');
}

/** `name=value`, by the name in capitals. */
function folded(environment: Variables): Map<string, string> {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined);
  return new Map(given.map(([name, value = '']) => [capitals(name), `${name}=${value}`]));
}

/** As Windows folds names: unit by unit, so that 'ß' stays what it is. */
function capitals(name: string): string {
  return name.replace(/[^]/g, unit => unit.toUpperCase().length === 1 ? unit.toUpperCase() : unit);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
