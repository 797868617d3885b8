import koffi from 'koffi';
import type { Mapping } from './kernel.js';

type Transfer = (this: ArrayBuffer) => ArrayBuffer;

/** ES2024's `transfer`, which Node has from 21 on. */
const transfer = (ArrayBuffer.prototype as { readonly transfer?: Transfer }).transfer;

/** Each of them moves the memory to another buffer. */
const MOVES = ['transfer', 'transferToFixedLength'];

/** The memory behind a buffer that has been collected is out of everybody's reach. */
const collected = new FinalizationRegistry<() => void>(unmap => unmap());

/**
 * Memory of the system as an ArrayBuffer.
 *
 * Reading a view on unmapped memory kills the process, so memory is only unmapped once no view can reach it: when the buffer has been detached, which makes
 * every view on it empty, or when it has been collected. Node 20 cannot detach it.
 *
 * A buffer that its memory was moved to would be known to nobody here. So this one refuses to give it away.
 */
export function mapping(address: number, byteLength: number, unmap: () => void): Mapping {
  const buffer = koffi.view(BigInt(address), byteLength);
  for (const move of MOVES) if (move in buffer) Object.defineProperty(buffer, move, { value: refuse });
  collected.register(buffer, unmap, unmap);
  return {
    buffer,
    unmap() {
      if (transfer === undefined) return;
      collected.unregister(unmap);
      // Moved all the same, by the prototype's function: then it stays mapped, for whoever has it.
      if (buffer.byteLength === 0) return;
      transfer.call(buffer);
      unmap();
    },
  };
}

function refuse(): never {
  throw new TypeError('the memory of a section cannot be transferred to another buffer: it belongs to the section until that is closed');
}
