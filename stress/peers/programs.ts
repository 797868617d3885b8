/** Where the programs of peers are. Whoever launches the stress run or the tests has prepared the machine, and says so by environment. */
export interface PeerPrograms {
  readonly helper32: string;
  readonly helper64: string;
  readonly node32: string;
  /** The project as the 32-bit Node is to see it. */
  readonly root32: string;
  /** Stands between Nodes of different bitness under Wine, whose pipes to each other are broken; not needed on Windows. */
  readonly relay32: string | undefined;
}

export function peerPrograms(): PeerPrograms {
  return {
    helper32: required('WAITABLE_HELPER32'),
    helper64: required('WAITABLE_HELPER64'),
    node32: required('WAITABLE_NODE32'),
    root32: required('WAITABLE_ROOT32'),
    relay32: process.env['WAITABLE_RELAY32'],
  };
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') {
    throw new Error(`${variable} is not set: start this through "npm run stress" or "npm test", which prepare the machine`);
  }
  return value;
}
