import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UnsupportedPlatformError } from 'waitable';
import { launch, systemDirectory } from 'waitable/bitness';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { PATIENCE } from '../../support/patience.js';
import { HAS_REDIRECTOR } from '../../support/rows.js';

const FROM_32_BITS = process.arch === 'ia32';

describe.runIf(HAS_REDIRECTOR)('the folder of the system\'s programs', () => {
  test('of the own bitness and of the other is written as this process has to', () => {
    const folders = [systemDirectory(32), systemDirectory(64)].map(path => path.toLowerCase());
    expect(folders).toEqual(['syswow64', FROM_32_BITS ? 'sysnative' : 'system32'].map(name => expect.stringMatching(new RegExp(`\\\\${name}$`)) as unknown));
  });

  test.each([32, 64] as const)('of %d bits has programs of that bitness', bitness => {
    expect(existsSync(join(systemDirectory(bitness), 'cmd.exe'))).toBe(true);
    using child = launch(['cmd', '/d', '/c', 'exit 9'], { bitness });
    expect(child.bitness).toBe(bitness);
    child.waitSync(PATIENCE);
    expect(child.exitCode).toBe(9);
  });

  test('called System32 by its name is not the 64-bit one to a 32-bit process', () => {
    const named = join(process.env['SystemRoot'] ?? '', 'System32', 'cmd.exe');
    using child = launch([named, '/d', '/c', 'exit 0']);
    expect(child.bitness).toBe(FROM_32_BITS ? 32 : 64);
    child.waitSync(PATIENCE);
    if (FROM_32_BITS) expectThrow(() => launch([named], { bitness: 64 }), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: ['64-bit', '32-bit'] });
  });

  test('called SysNative exists for 32-bit processes alone', () => {
    expect(existsSync(join(process.env['SystemRoot'] ?? '', 'SysNative', 'cmd.exe'))).toBe(FROM_32_BITS);
  });
});

test.runIf(!HAS_REDIRECTOR)('where there is no redirector, there are no folders for it', () => {
  expectThrow(() => systemDirectory(32), UnsupportedPlatformError, { mentions: ['redirector'] });
});

test.each([undefined, 16, '32', null])('%j is no bitness', bitness => {
  expectThrow(() => systemDirectory(untyped(bitness)), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: ['bitness'] });
});
