import koffi from 'koffi';
import { ERROR_NOT_SUPPORTED } from '../../status.js';
import { FileFailure } from './failure.js';
import type { Address, System } from '../system/system.js';

const WEBASSEMBLY_PAGE = 65_536;
const PAGE = 4096;

/** What TypeScript knows of WebAssembly comes with the types of browsers alone. */
declare const WebAssembly: { readonly Memory: new (size: { initial: number; maximum: number; shared: boolean }) => { readonly buffer: SharedArrayBuffer } };

/** One for each file, so that it is never collected: V8 would take the memory back. */
const memories: unknown[] = [];

/** A mapping for JavaScript. */
export interface Visible {
  /** Begins with the file. */
  readonly buffer: ArrayBufferLike;
  /** The memory behind the file, which is this process's own. */
  readonly own: Int32Array;
}

/**
 * What has been mapped by `System.mapWithOwn`.
 *
 * @param withFile - Runs it with a descriptor of the file, which most runtimes do without.
 * @throws FileFailure
 */
export function visible(system: System, address: Address, bytes: number, ownBytes: number, withFile: (action: (descriptor: number) => Visible) => Visible): Visible {
  let buffer: ArrayBuffer;
  try {
    buffer = koffi.view(BigInt(address), bytes + ownBytes);
  } catch {
    return withFile(descriptor => overWebAssembly(system, descriptor, address, bytes, ownBytes));
  }
  return { buffer, own: new Int32Array(buffer, bytes, ownBytes / 4) };
}

/**
 * Runtimes such as Electron refuse buffers over memory that is not V8's. But nothing forbids to map the file over memory that is: a WebAssembly memory is page-aligned, never moves, and a shared one is
 * never detached. It is a second mapping for JavaScript's eyes alone: the robust list and the futexes keep to the first, which outlives V8.
 *
 * It has one page more than the file, so that no other thread takes it for the first one (`own-mapping.ts`).
 */
function overWebAssembly(system: System, descriptor: number, address: Address, bytes: number, ownBytes: number): Visible {
  const ownAt = bytes + PAGE;
  const pages = Math.ceil((ownAt + ownBytes) / WEBASSEMBLY_PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { buffer } = memory;
  const at = Number(koffi.address(new Uint8Array(buffer)));
  if (system.map(descriptor, ownAt, at) !== at || !system.mapTwice(address + bytes, ownBytes, at + ownAt)) {
    throw new FileFailure({ errno: ERROR_NOT_SUPPORTED, syscall: 'mmap', reason: 'this runtime refuses external buffers, and the file could not be mapped over a WebAssembly memory' });
  }
  memories.push(memory);
  return { buffer, own: new Int32Array(buffer, ownAt, ownBytes / 4) };
}
