export interface LaunchOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of this machine. */
  readonly cwd?: string;
  /** Gets the output, as it comes. Without it the output goes to this process's stdout and stderr. */
  readonly onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
  /** Asks the program to end in order, when aborted: see `Interruption`. On Windows, where its console does so by itself, nothing is passed on. */
  readonly interruption?: AbortSignal;
  /** Ends the program, and what it has started, when aborted; the launch then gives the exit code of that end. */
  readonly signal?: AbortSignal;
}

/** What a program is told about where its output goes: it sees a pipe, and cannot ask. A caller's own choice stands. */
export function terminalEnvironment({ onOutput }: LaunchOptions): Record<string, string> {
  const goesToTerminal = onOutput === undefined && process.stdout.isTTY;
  const columns = goesToTerminal ? { WAITABLE_COLUMNS: String(process.stdout.columns) } : {};
  if (process.env['FORCE_COLOR'] !== undefined || process.env['NO_COLOR'] !== undefined) return columns;
  // Many programs write colours on Windows wherever their output goes, unless they are told not to.
  return { ...columns, ...(goesToTerminal ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) };
}
