import koffi from 'koffi';
import type { Mapping } from './kernel.js';

/** ES2024's `transfer`, which Node has from 21 on. */
type Transferable = ArrayBuffer & { transfer?: () => ArrayBuffer };

/** The memory behind a buffer that has been collected is out of everybody's reach. */
const collected = new FinalizationRegistry<() => void>(unmap => unmap());

/**
 * Memory of the system as an ArrayBuffer.
 *
 * Reading a view on unmapped memory kills the process, so memory is only unmapped once no view can reach it: when the buffer has been detached, which makes
 * every view on it empty, or when it has been collected. Node 20 cannot detach it.
 */
export function mapping(address: number, byteLength: number, unmap: () => void): Mapping {
  const buffer: Transferable = koffi.view(BigInt(address), byteLength);
  collected.register(buffer, unmap, unmap);
  return {
    buffer,
    unmap() {
      if (buffer.transfer === undefined) return;
      buffer.transfer();
      collected.unregister(unmap);
      unmap();
    },
  };
}
