import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layout } from 'waitable/bitness';
import { findLinuxCompiler, linuxTargets } from '../../../stress/machine/build/compilers.js';
import { recordHeader } from '../../../stress/linearizability/record.js';
import { boardHeader } from '../../../stress/peers/board.js';
import { specimenHeader } from '../../../stress/peers/specimen.js';
import { anyFieldType } from '../../support/layouts.js';

/** Where there is none, the C helpers are not there either, and the last line of the run says so. */
const compiler = findLinuxCompiler();
const command = typeof compiler === 'string' ? undefined : compiler.command;

/** What the compiler says; empty if it finds each member where the layout has it. */
function complaints(header: string, ...flags: string[]): string {
  const { stderr } = spawnSync(command ?? '', [...flags, '-Wall', '-Wextra', '-Werror', '-ffreestanding', '-fsyntax-only', '-x', 'c', '-'], { input: header, encoding: 'utf8' });
  return stderr;
}

const TARGETS = Object.values(linuxTargets).flatMap(target => ['-std=c99', '-std=c11'].map(standard => ({ target, standard })));

test.runIf(command !== undefined).each(TARGETS)('a C compiler agrees with any layout: $target $standard', ({ target, standard }) => {
  fc.assert(fc.property(fc.array(anyFieldType, { minLength: 1, maxLength: 12 }), types => {
    const made = layout(Object.fromEntries(types.map((type, index) => [`f${index}`, type])));
    expect(complaints(made.toCHeader('any'), target, standard)).toBe('');
  }), { numRuns: 15 });
  for (const header of [boardHeader, recordHeader, specimenHeader]) expect(complaints(header, target, standard)).toBe('');
});

test.runIf(command !== undefined).each(Object.values(linuxTargets))('a C compiler would notice if a member were elsewhere: %s', target => {
  const header = layout({ small: 'uint8', wide: 'float64' }).toCHeader('job').replace('[7]', '[3]');
  expect(complaints(header, target, '-std=c11')).toContain(target === '-m32' ? 'wide is elsewhere' : '');
  expect(complaints(header.replace('== 8', '== 7'), target, '-std=c11')).not.toBe('');
});
