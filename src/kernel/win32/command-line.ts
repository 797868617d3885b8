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

/** The environment of a process as `CreateProcessW` takes it: sorted without regard to case, as Windows itself keeps it. */
export function environmentBlock(environment: Readonly<Record<string, string>>): string {
  const entries = Object.entries(environment).sort(([one], [other]) => compare(one.toUpperCase(), other.toUpperCase()));
  return entries.map(([name, value]) => `${name}=${value}\0`).join('') + (entries.length === 0 ? '\0\0' : '\0');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
