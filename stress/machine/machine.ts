import type { Architecture } from './architecture.js';
import type { LaunchOptions } from './launch-options.js';

/** The kernels of the library. */
export type KernelName = 'linux' | 'win32';

/** What Nodes and C helpers run on, with one of the library's kernels: this Linux, this Windows, or Windows programs under Wine. */
export interface Machine extends AsyncDisposable {
  readonly kernel: KernelName;
  /** The Nodes in which the tests are to run. */
  readonly architectures: readonly Architecture[];
  /** The Node that drives a stress run. */
  readonly driver: Architecture;
  /** What it does without: for each, a line that says so and what to type. */
  readonly lacking: readonly string[];
  /** What it consists of, by name, for people to read. */
  readonly description: Readonly<Record<string, string>>;
  /** Where a program on this machine finds the others; every launched program has these variables. */
  readonly environment: Readonly<MachineEnvironment>;
  /** Runs a script, named relative to the project's root, under Node of that architecture; gives its exit code. */
  launch(architecture: Architecture, script: string, args?: readonly string[], options?: LaunchOptions): Promise<number>;
  /** Where this process finds a file that a launched script names by its path within the project. */
  fileInRoot(architecture: Architecture, file: string): string;
  /** A file of this process's, by its absolute path, as this machine's programs name it. */
  pathOf(file: string): string;
  /** Runs a plain program, named by this machine's path. */
  program(file: string, args?: readonly string[], options?: LaunchOptions): Promise<number>;
}

/** Paths as this machine's programs write them; empty for what it does not have. */
export interface MachineEnvironment {
  WAITABLE_HELPER32: string;
  WAITABLE_HELPER64: string;
  /** Node for ia32. */
  WAITABLE_NODE32: string;
  /** What ia32 Node takes for the project: the same files, with the dependencies for ia32. */
  WAITABLE_ROOT32: string;
  /** On Windows alone: the DLL with which a Node of that architecture calls helpers over RPC and COM. */
  WAITABLE_CLIENT32?: string;
  WAITABLE_CLIENT64?: string;
  /**
   * Under Wine alone: the program by which x64 Node has to start ia32 Node, as `relay node.exe script`. The stdio pipes
   * between the two do not work there.
   */
  WAITABLE_RELAY32?: string;
}

export interface MachineOptions {
  /** Keeps Wine's server and all programs on one CPU, as measurements need it. Ends what else runs in the prefix. */
  readonly pin?: boolean;
}
