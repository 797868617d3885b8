import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bitnessOfProgram } from '../../../src/bitness/program-header.js';

const folder = mkdtempSync(join(tmpdir(), 'waitable-header-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ILONLY = 1;
const REQUIRED_32 = 2;
const PREFERRED_32 = 0x20000;

/** A PE file with no more than a loader looks at to choose the bitness: one section, with a .NET header if `flags` are given. */
function portable(machine: number, flags?: number): string {
  const bytes = Buffer.alloc(0x400);
  bytes.write('MZ', 0);
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('PE', 0x80);
  bytes.writeUInt16LE(machine, 0x84);
  bytes.writeUInt16LE(1, 0x86); // sections
  bytes.writeUInt16LE(224, 0x94); // the optional header's size
  bytes.writeUInt16LE(0x10b, 0x98);
  if (flags !== undefined) bytes.writeUInt32LE(0x2010, 0x98 + 96 + 14 * 8);
  const section = 0x98 + 224;
  bytes.writeUInt32LE(0x2000, section + 12); // in memory
  bytes.writeUInt32LE(0x200, section + 16); // its bytes in the file
  bytes.writeUInt32LE(0x200, section + 20); // in the file
  bytes.writeUInt32LE(flags ?? 0, 0x210 + 16);
  const path = join(folder, `${machine}-${flags ?? 'native'}.exe`);
  writeFileSync(path, bytes);
  return path;
}

describe('the bitness that a header tells', () => {
  test.each([
    ['an i386 program', 0x14c, undefined, 32],
    ['an x64 program', 0x8664, undefined, 64],
    ['an arm64 program', 0xaa64, undefined, 64],
    ['a .NET program for any', 0x14c, ILONLY, 'any'],
    ['a .NET program for 32 bits', 0x14c, ILONLY | REQUIRED_32, 32],
    ['a .NET program that prefers 32 bits', 0x14c, ILONLY | REQUIRED_32 | PREFERRED_32, 32],
    ['a .NET program with native parts', 0x14c, 0, 32],
    ['a .NET program for x64', 0x8664, ILONLY, 64],
  ])('of %s', (_, machine, flags, bitness) => {
    expect(bitnessOfProgram(portable(machine, flags))).toBe(bitness);
  });

  test('is none of what is no program', () => {
    const text = join(folder, 'text.exe');
    writeFileSync(text, 'MZ and nothing but text, as long as a header of 64 bytes would be, and longer');
    const [short, directory] = [join(folder, 'short.exe'), join(folder, 'directory.exe')];
    writeFileSync(short, 'MZ');
    mkdirSync(directory);
    for (const path of [text, short, directory, join(folder, 'missing.exe')]) expect(bitnessOfProgram(path)).toBeUndefined();
  });
});
