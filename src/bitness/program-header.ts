import { closeSync, openSync, readSync } from 'node:fs';
import type { Bitness } from '../kernel/processes.js';

/** A PE header's offset stands at 0x3c; its machine is 4 bytes behind its beginning. */
const PE_OFFSET = 0x3c;
const IMAGE_FILE_MACHINES: Readonly<Record<number, Bitness>> = { 0x014c: 32, 0x01c4: 32, 0x8664: 64, 0xaa64: 64 };
const ELF_MAGIC = 0x464c457f;
const EI_CLASS = 4;

/** The PE signature and IMAGE_FILE_HEADER, and what of IMAGE_OPTIONAL_HEADER32 is in front of the directories. */
const FILE_HEADER_BYTES = 24;
const DIRECTORIES = FILE_HEADER_BYTES + 96;
const COM_DESCRIPTOR = DIRECTORIES + 14 * 8;
const SECTION_BYTES = 40;
/** In IMAGE_COR20_HEADER, the header of a .NET program. */
const COR20_FLAGS = 16;
const COMIMAGE_FLAGS_ILONLY = 0x1;
const COMIMAGE_FLAGS_32BITREQUIRED = 0x2;

/**
 * The bitness of the program in a file, by its header; `undefined` if there is no such file, or it is no program with a header.
 * `'any'` is a .NET program that runs in the system's own bitness ("AnyCPU"), although its header says 32.
 */
export function bitnessOfProgram(path: string): Bitness | 'any' | undefined {
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
    return head.getUint16(0, true) === 0x5a4d ? bitnessOfPortable(file, head.getUint32(PE_OFFSET, true)) : undefined;
  } catch {
    return undefined; // a directory, say
  } finally {
    closeSync(file);
  }
}

function bitnessOfPortable(file: number, at: number): Bitness | 'any' | undefined {
  const header = read(file, at, 6);
  if (header?.getUint32(0, true) !== 0x4550) return undefined;
  const bitness = IMAGE_FILE_MACHINES[header.getUint16(4, true)];
  return bitness === 32 && isForAny(file, at) ? 'any' : bitness;
}

/** Of a 32-bit header: whether it is that of a .NET program which does not insist on 32 bits. */
function isForAny(file: number, at: number): boolean {
  const header = read(file, at, COM_DESCRIPTOR + 8);
  const address = header?.getUint32(COM_DESCRIPTOR, true) ?? 0;
  if (header === undefined || address === 0) return false;
  const sections = at + FILE_HEADER_BYTES + header.getUint16(20, true);
  for (let index = 0; index < header.getUint16(6, true); index++) {
    const section = read(file, sections + index * SECTION_BYTES, SECTION_BYTES);
    const offset = address - (section?.getUint32(12, true) ?? 0);
    if (section === undefined || offset < 0 || offset >= section.getUint32(16, true)) continue;
    const flags = read(file, section.getUint32(20, true) + offset, COR20_FLAGS + 4)?.getUint32(COR20_FLAGS, true) ?? 0;
    return (flags & (COMIMAGE_FLAGS_ILONLY | COMIMAGE_FLAGS_32BITREQUIRED)) === COMIMAGE_FLAGS_ILONLY;
  }
  return false;
}

function read(file: number, offset: number, length: number): DataView | undefined {
  const bytes = new Uint8Array(length);
  return readSync(file, bytes, 0, length, offset) === length ? new DataView(bytes.buffer) : undefined;
}
