import { canStart, Peer, type PeerKind } from '../peers/peer.js';

/** The C helper of this process's bitness. */
const KIND: PeerKind = process.arch === 'ia32' ? 'helper32' : 'helper64';

/** `undefined` where the machine has no C helper; what is measured beside it then stands alone. */
export async function startC(): Promise<Peer | undefined> {
  return canStart(KIND) ? await Peer.start(KIND) : undefined;
}

/** So many of them, or none. */
export async function startCs(count: number): Promise<readonly Peer[]> {
  if (!canStart(KIND)) return [];
  return await Promise.all(Array.from({ length: count }, () => Peer.start(KIND)));
}

/** Ends them from outside: when something has gone wrong, they may wait without limit for what never comes. */
export async function endCs(cs: readonly Peer[]): Promise<void> {
  await Promise.all(cs.map(c => c.kill()));
}

/** Opens objects under slots from `from` on. */
export async function openIn(peer: Peer, from: number, objects: readonly { readonly kind: string; readonly name: string | undefined }[]): Promise<number[]> {
  return await Promise.all(objects.map(async ({ kind, name = '' }, index) => {
    await peer.send('open', kind, from + index, encodeURIComponent(name));
    return from + index;
  }));
}
