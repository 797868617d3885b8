import koffi from 'koffi';
import { clientLibrary } from '../programs.js';
import { CLASS_NOT_REGISTERED } from './transport.js';

/** Where a helper is called: at an endpoint of local RPC, or in a program that COM has to start. */
export interface Target {
  readonly transport: 'rpc' | 'com';
  readonly address: string;
}

/** A call failed, or there is nobody to call. */
export class CallError extends Error {}

/** What blocks until the reply is there. */
export interface Client {
  execute(line: string): string;
  disconnect(): void;
}

/** The name of the function that failed, or null. */
type Outcome = string | null;

/** More than a reply ever is, with its NUL. */
const REPLY_LIMIT = 128 * 1024;
const FIRST_HRESULT = 0x8000_0000;
const REGDB_E_CLASSNOTREG = 0x8004_0154;

/** Connects this thread, through the DLL of `stress/helper/client`: the stub of RPC is C, and so is all that would otherwise follow pointers of COM's. */
export function connect({ transport, address }: Target): Client {
  const library = koffi.load(clientLibrary());
  const open: (address: string, peer: BigUint64Array, error: Uint32Array) => Outcome = library.func(`${transport}_connect`, 'str', ['str16', 'void *', 'void *']);
  const execute: (peer: bigint, line: string, reply: Buffer, size: number, error: Uint32Array) => Outcome =
    library.func(`${transport}_execute`, 'str', ['uint64', 'str', 'void *', 'uint32', 'void *']);
  const close: (peer: bigint) => void = library.func(`${transport}_disconnect`, 'void', ['uint64']);

  const error = new Uint32Array(1);
  const check = (failed: Outcome) => {
    if (failed !== null) throw new CallError(`${failed} failed with ${describe(error[0] ?? 0)}`);
  };
  const peer = new BigUint64Array(1);
  check(open(address, peer, error));
  const [connected = 0n] = peer;
  const reply = Buffer.alloc(REPLY_LIMIT);
  return {
    execute(line) {
      check(execute(connected, line, reply, reply.length, error));
      return reply.toString('utf8', 0, reply.indexOf(0));
    },
    disconnect: () => close(connected),
  };
}

/** RPC gives Win32 error numbers, COM an HRESULT. */
function describe(error: number): string {
  if (error === REGDB_E_CLASSNOTREG) return CLASS_NOT_REGISTERED;
  return error < FIRST_HRESULT ? `error ${error}` : `0x${error.toString(16)}`;
}
