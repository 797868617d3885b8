import { isHelper, type PeerKind } from '../peer-kind.js';
import { peerPrograms } from '../programs.js';
import { comTransport } from './com.js';
import { pipeTransport } from './pipe.js';
import { rpcTransport } from './rpc.js';
import { threadTransport } from './thread.js';
import { TRANSPORTS, type Transport, type TransportName } from './transport.js';

/** Whether a peer of that kind can be reached in that way on this system. */
export function canReach(kind: PeerKind, transport: TransportName): boolean {
  return whyOutOfReach(kind, transport) === undefined;
}

/** That transport if the peer can be reached so, else the one that all have. */
export function reachableBy(kind: PeerKind, transport: TransportName): { readonly transport: TransportName } {
  return { transport: canReach(kind, transport) ? transport : 'pipe' };
}

/** Starts a peer, and gives the way to it. */
export function openTransport(kind: PeerKind, name: TransportName): Transport {
  const refusal = whyOutOfReach(kind, name);
  if (refusal !== undefined) throw new TypeError(refusal);
  if (name !== 'pipe' && isHelper(kind)) return (name === 'rpc' ? rpcTransport : comTransport)(peerPrograms[kind]);
  return kind === 'thread' ? threadTransport() : pipeTransport(kind);
}

/** Why it cannot, in words for people. */
export function whyOutOfReach(kind: PeerKind, transport: TransportName): string | undefined {
  if (!TRANSPORTS.includes(transport)) return `transport must be one of ${TRANSPORTS.join(', ')}; given: ${transport}`;
  if (transport === 'pipe') return undefined;
  if (!isHelper(kind)) return `only helper32 and helper64 serve calls over ${transport}; given: ${kind}`;
  if (process.platform !== 'win32') return `${transport} is a transport of Windows, and this is ${process.platform}`;
  if (!['x64', 'ia32'].includes(process.arch)) return `${transport} needs a DLL in this Node, which there is for x64 and ia32, and this is ${process.arch}`;
  return undefined;
}
