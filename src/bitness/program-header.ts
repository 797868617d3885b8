import { closeSync, openSync, readSync } from 'node:fs';
import type { Bitness } from '../kernel/processes.js';

/** A PE header's offset stands at 0x3c; its machine is 4 bytes behind its beginning. */
const PE_OFFSET = 0x3c;
const IMAGE_FILE_MACHINES: Readonly<Record<number, Bitness>> = { 0x014c: 32, 0x01c4: 32, 0x8664: 64, 0xaa64: 64 };
const ELF_MAGIC = 0x464c457f;
const EI_CLASS = 4;

/** The bitness of the program in a file, by its header; `undefined` if there is no such file, or it is no program with a header. */
export function bitnessOfProgram(path: string): Bitness | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const head = read(file, 0, 64);
    if (head === undefined) return undefined;
    if (head.getUint32(0, true) === ELF_MAGIC) return head.getUint8(EI_CLASS) === 1 ? 32 : 64;
    const header = head.getUint16(0, true) === 0x5a4d ? read(file, head.getUint32(PE_OFFSET, true), 6) : undefined;
    return header?.getUint32(0, true) === 0x4550 ? IMAGE_FILE_MACHINES[header.getUint16(4, true)] : undefined;
  } finally {
    closeSync(file);
  }
}

function read(file: number, offset: number, length: number): DataView | undefined {
  const bytes = new Uint8Array(length);
  return readSync(file, bytes, 0, length, offset) === length ? new DataView(bytes.buffer) : undefined;
}
