/** How commands get to a peer. RPC and COM are Windows', and it is the C helpers that serve them. */
export const TRANSPORTS = ['pipe', 'rpc', 'com'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/** What a call says where COM looks for classes in no place that this process may write to. */
export const CLASS_NOT_REGISTERED = '0x80040154 (REGDB_E_CLASSNOTREG)';

/** How lines go to a peer and its replies come back. */
export interface Transport {
  send(line: string): void;
  onReply(listener: (line: string) => void): void;
  /** How the peer ended, once it has, by whatever cause, and all its replies are here. */
  readonly ended: Promise<string>;
  /** Ends the peer from outside. */
  kill(processId: number): void;
}
