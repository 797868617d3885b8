import type { Address, System } from '../system/system.js';
import { systemFailure } from './failure.js';

const MAPS = '/proc/self/maps';
const PAGE = 4096;

interface Line {
  readonly begin: Address;
  readonly end: Address;
  readonly permissions: string;
  readonly offset: string;
  /** What tells the file from others: ` device inode `. On some file systems (overlayfs, btrfs) neither is what a stat of the file says. */
  readonly identity: string;
}

/**
 * Where this process has the whole file mapped already, by whichever of its threads; `undefined` if it has not.
 *
 * Of what maps say nothing but their own words can be compared. So the file is mapped once more, by one page and for reading only, to learn what they call it.
 *
 * @throws FileFailure
 */
export function ownMapping(system: System, descriptor: number, bytes: number, path: string): Address | undefined {
  const probe = system.mapForReading(descriptor, PAGE);
  if (probe === undefined) throw systemFailure(system.errno, 'mmap', path);
  try {
    const maps = system.files.text(MAPS);
    if (maps === undefined) throw systemFailure(system.errno, 'open', MAPS);
    const lines = maps.split('\n').map(parsed);
    const probed = lines.find(({ begin }) => begin === probe);
    return lines.find(({ identity, permissions, offset, begin, end }) => identity === probed?.identity && permissions === 'rw-s' && offset === '00000000' && end - begin === bytes)?.begin;
  } finally {
    system.unmap(probe, PAGE);
  }
}

function parsed(line: string): Line {
  const [range = '', permissions = '', offset = '', device = '', inode = ''] = line.split(/ +/, 5);
  const [begin = '', end = ''] = range.split('-');
  return { begin: parseInt(begin, 16), end: parseInt(end, 16), permissions, offset, identity: ` ${device} ${inode} ` };
}

/** False if the thread does not have mapped what this process has at that address; true if that cannot be known. */
export function mayHaveMapped({ files }: System, thread: number, address: Address): boolean {
  const identity = files.text(MAPS)?.split('\n').map(parsed).find(({ begin }) => begin === address)?.identity;
  return identity === undefined || (files.text(`/proc/${thread}/maps`)?.includes(identity) ?? true);
}
