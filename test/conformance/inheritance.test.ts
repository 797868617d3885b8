import { describe, expect, test } from 'vitest';
import { Process } from 'waitable';
import { expectThrow, untyped } from '../support/expect-throw.js';
import { inheritance } from '../support/foreign.js';
import { KINDS } from '../support/kinds.js';
import { uniqueName } from '../support/names.js';
import { INHERITABLE } from '../support/rows.js';

describe('a handle', () => {
  test.each(KINDS)('to a $kind stays in this process, unless it was made inheritable', ({ create, open, tryOpen }) => {
    const name = uniqueName();
    using plain = create(name);
    using unnamed = create();
    using asked = create(undefined, { inheritable: false });
    using opened = open(name);
    for (const object of [plain, unnamed, asked, opened]) expect(inheritance(object.handle)).toBe('private');

    using inheritable = create(undefined, { inheritable: true });
    using again = create(name, { inheritable: true });
    using openedInheritable = open(name, { inheritable: true });
    using tried = tryOpen(name, { inheritable: true });
    for (const object of [inheritable, again, openedInheritable, tried]) expect(inheritance(object?.handle ?? 0)).toBe(INHERITABLE);
  });

  test('to a process stays in this one', () => {
    using self = Process.open(process.pid);
    expect(inheritance(self.handle)).toBe('private');
  });

  test.each([null, 1, 'true', {}])('refuses %j for inheritable', inheritable => {
    const name = uniqueName();
    for (const { create, open } of KINDS) {
      const wrong = { code: 'ERR_INVALID_ARG_TYPE', mentions: ['inheritable', 'true or false'] };
      expectThrow(() => create(undefined, { inheritable: untyped(inheritable) }), TypeError, wrong);
      expectThrow(() => open(name, { inheritable: untyped(inheritable) }), TypeError, wrong);
    }
  });
});
