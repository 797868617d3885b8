import { expect, test } from 'vitest';
import { systemError, UnsupportedPlatformError } from '../../src/errors.js';
import type { Kernel } from '../../src/kernel/kernel.js';
import { UnsupportedKernel } from '../../src/kernel/unsupported.js';

test('the kernel of a platform that has none fails every call, and says why', () => {
  const kernel: Kernel = new UnsupportedKernel('plan9');
  const options = { access: 0, inheritable: false, security: 'user' };
  expect(kernel.createMutex('x', false, options)).toBeUndefined();
  expect(kernel.createSemaphore('x', 0, 1, options)).toBeUndefined();
  expect(kernel.createEvent('x', false, false, options)).toBeUndefined();
  expect(kernel.createTimer('x', false, options)).toBeUndefined();
  expect(kernel.createSection('x', 1, options)).toBeUndefined();
  expect(kernel.open('mutex', 'x', 0, false)).toBe(0);
  expect(kernel.openProcess(1)).toBe(0);
  expect(kernel.duplicate(4, false)).toBe(0);
  expect(kernel.wait(4, 0)).toBe(0xffffffff);
  expect(kernel.waitMany([4], true, 0)).toBe(0xffffffff);
  const error = systemError(kernel.failure, { kind: 'mutex', name: 'x' });
  expect(error).toBeInstanceOf(UnsupportedPlatformError);
  expect(error).toMatchObject({ code: 'ERROR_NOT_SUPPORTED', errno: 50, syscall: 'plan9' });
});
