import { hasProgram } from './programs.js';

/** Who contends: a worker thread of this process, a Node process of either bitness, or the C helper of either bitness. */
export type PeerKind = 'thread' | 'node' | 'node32' | 'helper32' | 'helper64';

/** How many contenders of each kind there are, in the order in which they take their parts. */
export type ContenderCounts = Readonly<Partial<Record<PeerKind, number>>>;

/** Whether this machine has such peers. */
export function canStart(kind: PeerKind): boolean {
  return kind === 'thread' || kind === 'node' || hasProgram(kind);
}

/** The C helper of that bitness or, where there is none, a Node process, which can do nearly as much. */
export function helperKind(bits: 32 | 64): PeerKind {
  const helper = `helper${bits}` as const;
  return canStart(helper) ? helper : 'node';
}

export function isHelper(kind: PeerKind): kind is 'helper32' | 'helper64' {
  return kind === 'helper32' || kind === 'helper64';
}
