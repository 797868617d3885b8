/** Where the programs of peers are. Whoever launches the stress run or the tests has prepared the machine, and says so by environment. */
export const peerPrograms = {
  get helper32(): string {
    return required('WAITABLE_HELPER32');
  },
  get helper64(): string {
    return required('WAITABLE_HELPER64');
  },
  get node32(): string {
    return required('WAITABLE_NODE32');
  },
  /** The project as the 32-bit Node is to see it. */
  get root32(): string {
    return required('WAITABLE_ROOT32');
  },
  /** Stands between Nodes of different bitness under Wine, whose pipes to each other are broken; not needed on Windows. */
  get relay32(): string | undefined {
    return process.env['WAITABLE_RELAY32'];
  },
};

/** A 32-bit Node with a script, named by its path within the project, as the command by which a Node of the other bitness starts it. */
export function node32Command(script: string): [string, ...string[]] {
  const { node32, root32, relay32 } = peerPrograms;
  const node: [string, string] = [node32, `${root32}/${script}`];
  return relay32 === undefined ? node : [relay32, ...node];
}

/** The DLL by which this process calls helpers over RPC and COM. Only Windows has it. */
export function clientLibrary(): string {
  return required(process.arch === 'ia32' ? 'WAITABLE_CLIENT32' : 'WAITABLE_CLIENT64');
}

const VARIABLES = { helper32: 'WAITABLE_HELPER32', helper64: 'WAITABLE_HELPER64', node32: 'WAITABLE_NODE32' } as const;

/** Whether the machine has that program. It says by an empty variable that it has not. */
export function hasProgram(program: keyof typeof VARIABLES): boolean {
  return given(VARIABLES[program]) !== '';
}

function required(variable: string): string {
  const value = given(variable);
  if (value === '') throw new Error(`this machine has no such program: ${variable} is empty`);
  return value;
}

function given(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) {
    throw new Error(`${variable} is not set: start this through "npm run stress" or "npm test", which prepare the machine`);
  }
  return value;
}
