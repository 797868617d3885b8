import { describe, expect, test } from 'vitest';
import { InvalidNameError, MAXIMUM_NAME_LENGTH } from 'waitable';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { KINDS } from '../../support/kinds.js';

const TOO_LONG = 'x'.repeat(MAXIMUM_NAME_LENGTH + 1);

describe('rule 4: a bad name is refused before any system call', () => {
  const bad: readonly { readonly what: string; readonly name: string; readonly mentions: readonly string[] }[] = [
    { what: 'empty', name: '', mentions: ['empty', '""'] },
    { what: 'empty behind Local\\', name: 'Local\\', mentions: ['empty', '"Local\\\\"'] },
    { what: 'empty behind Global\\', name: 'Global\\', mentions: ['empty', '"Global\\\\"'] },
    { what: 'only a NUL', name: '\0', mentions: ['NUL', '"\\u0000"'] },
    { what: 'with a NUL inside', name: 'a\0b', mentions: ['NUL', '"a\\u0000b"'] },
    { what: 'with a NUL at the end', name: 'Local\\a\0', mentions: ['NUL'] },
    { what: 'too long', name: TOO_LONG, mentions: ['260', '261'] },
    { what: 'too long with its prefix', name: `Global\\${'x'.repeat(254)}`, mentions: ['260', '261', '"Global\\\\xxx'] },
    { what: 'far too long', name: 'x'.repeat(100_000), mentions: ['260', '100000'] },
    { what: 'too long in UTF-16 units', name: '🔑'.repeat(131), mentions: ['260', '262'] },
    { what: 'with a backslash', name: 'a\\b', mentions: ['backslash', 'Local\\', 'Global\\', '"a\\\\b"'] },
    { what: 'with a backslash at the end', name: 'a\\', mentions: ['backslash'] },
    { what: 'with a backslash behind the prefix', name: 'Local\\a\\b', mentions: ['backslash'] },
    { what: 'with two prefixes', name: 'Local\\Global\\a', mentions: ['backslash'] },
    { what: 'only a backslash', name: '\\', mentions: ['backslash'] },
    { what: 'with an unknown prefix', name: 'Session\\1\\a', mentions: ['backslash', 'prefixes'] },
    { what: 'with a prefix in lower case', name: 'local\\a', mentions: ['backslash', 'case-sensitive'] },
    { what: 'with a prefix in upper case', name: 'GLOBAL\\a', mentions: ['backslash', 'case-sensitive'] },
    ...['Local', 'Global', 'Session', 'AppContainerNamedObjects', 'Restricted'].flatMap(word => ['', 'Local\\', 'Global\\'].map(prefix => (
      { what: `that Windows keeps for itself: ${prefix}${word}`, name: `${prefix}${word}`, mentions: [`${word} alone`, 'Windows'] }
    ))),
    { what: 'a path of the object manager', name: '\\BaseNamedObjects\\a', mentions: ['backslash'] },
  ];

  test.each(bad)('$what', ({ name, mentions }) => {
    for (const { create, open, tryOpen } of KINDS) {
      for (const act of [create, open, tryOpen]) {
        expectThrow(() => act(name), InvalidNameError, { code: 'ERROR_INVALID_NAME', errno: 123, syscall: undefined, objectName: name, mentions: ['name must', ...mentions] });
      }
    }
  });

  test('even a very long one is told in a short message', () => {
    expect(() => KINDS[0]?.create('x'.repeat(100_000))).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{1,200}$/s) as string }));
  });

  test.each([null, 7, 7n, true, {}, ['a'], Symbol('a'), () => 'a'])('no text at all: %s', name => {
    for (const { create, open, tryOpen } of KINDS) {
      for (const act of [create, open, tryOpen]) {
        expectThrow(() => act(untyped(name)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['name must be a string'] });
      }
    }
  });

  test('options in its place, which the message tells', () => {
    for (const { create } of KINDS) expectThrow(() => create(untyped({ inheritable: true })), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['name must be a string', 'Options come second'] });
  });

  test('none where there has to be one', () => {
    for (const { open, tryOpen } of KINDS) {
      for (const act of [open, tryOpen]) {
        expectThrow(() => act(untyped(undefined)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['name', 'undefined'] });
      }
    }
  });
});
