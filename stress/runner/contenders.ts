import type { ContenderCounts } from '../peers/peer-kind.js';
import { canStart, helperKind, type PeerKind } from '../peers/peer.js';

/** How many contenders there are of each kind, as people name them. */
export interface Counts {
  readonly workers: number;
  readonly nodes: number;
  readonly helpers: number;
  readonly helpers64: number;
  /** Where nobody says, one if there is one. */
  readonly node32?: number;
}

/** Who of those that were asked for can come on this machine, and who cannot. */
export interface ResolvedContenders {
  readonly contenders: ContenderCounts;
  /** How many 32-bit Nodes more were asked for, where there is none. */
  readonly missingNode32: number;
}

/** Where there is no C helper, a Node stands in for it; nobody stands in for a 32-bit Node. */
export function resolveContenders({ workers, nodes, node32, helpers, helpers64 }: Counts): ResolvedContenders {
  const hasNode32 = canStart('node32');
  const wanted: [PeerKind, number][] = [['thread', workers], ['node', nodes], ['node32', hasNode32 ? node32 ?? 1 : 0], [helperKind(64), helpers64], [helperKind(32), helpers]];
  const contenders: Partial<Record<PeerKind, number>> = {};
  for (const [kind, count] of wanted) if (count > 0) contenders[kind] = (contenders[kind] ?? 0) + count;
  return { contenders, missingNode32: hasNode32 ? 0 : node32 ?? 0 };
}
