import { describe, expect, test } from 'vitest';
import { bindKernel32, type Kernel32 } from '../../src/kernel/win32/bindings.js';
import { Win32Kernel } from '../../src/kernel/win32/win32-kernel.js';
import { uniqueName } from '../support/names.js';

const OPTIONS = { access: 0x100002, inheritable: false, security: 'user' };

/** The kernel on a Windows that answers some calls otherwise. */
function kernelWith(answers: Partial<Kernel32>): Win32Kernel {
  return new Win32Kernel({ ...bindKernel32(), ...answers });
}

describe('the namespaces', () => {
  test.each([[0, true], [1, false], [2, false]])('of a process in session %d are one: %j', (session, areOne) => {
    let asked = 0;
    const kernel = kernelWith({
      ProcessIdToSessionId: (processId, answer) => {
        expect(processId).toBe(process.pid);
        answer[0] = session;
        return ++asked;
      },
    });
    expect([kernel.namespacesAreOne, kernel.namespacesAreOne]).toEqual([areOne, areOne]);
    expect(asked).toBe(1);
  });
});

describe('a section that this user may not create', () => {
  const denied = (missing: boolean): Partial<Kernel32> => {
    let error = 0;
    return {
      CreateFileMappingW: () => {
        error = 5;
        return 0;
      },
      OpenFileMappingW: () => {
        error = missing ? 2 : 0;
        return missing ? 0 : 44;
      },
      GetLastError: () => error,
    };
  };

  test('is opened, if it exists', () => {
    expect(kernelWith(denied(false)).createSection(`Global\\${uniqueName()}`, 16, OPTIONS)).toEqual({ handle: 44, createdNew: false });
  });

  test('is told with the privilege that creating it takes, if it is a global one', () => {
    const kernel = kernelWith(denied(true));
    expect(kernel.createSection(`Global\\${uniqueName()}`, 16, OPTIONS)).toBeUndefined();
    expect(kernel.failure).toMatchObject({ errno: 5, syscall: 'CreateFileMappingW', reason: expect.stringContaining('SeCreateGlobalPrivilege') as string });
    expect(kernel.createSection(uniqueName(), 16, OPTIONS)).toBeUndefined();
    expect(kernel.failure).toEqual({ errno: 5, syscall: 'CreateFileMappingW' });
  });
});
