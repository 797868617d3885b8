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

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') {
    throw new Error(`${variable} is not set: start this through "npm run stress" or "npm test", which prepare the machine`);
  }
  return value;
}
