import { describe, expect, test } from 'vitest';
import {
  AccessDeniedError, ClosedError, describe as describeObject, InvalidNameError, KindMismatchError, LimitExceededError, NotFoundError, NotOwnerError, openingError, SyncError, systemError, UnsupportedPlatformError,
} from '../../src/errors.js';

const mutex = { kind: 'mutex', name: 'x' } as const;

describe('an error of the system', () => {
  test.each([
    [2, 'ERROR_FILE_NOT_FOUND', NotFoundError],
    [3, 'ERROR_PATH_NOT_FOUND', NotFoundError],
    [5, 'ERROR_ACCESS_DENIED', AccessDeniedError],
    [6, 'ERROR_INVALID_HANDLE', SyncError],
    [8, 'ERROR_NOT_ENOUGH_MEMORY', SyncError],
    [50, 'ERROR_NOT_SUPPORTED', UnsupportedPlatformError],
    [87, 'ERROR_INVALID_PARAMETER', SyncError],
    [288, 'ERROR_NOT_OWNER', NotOwnerError],
    [298, 'ERROR_TOO_MANY_POSTS', LimitExceededError],
    [1450, 'ERROR_NO_SYSTEM_RESOURCES', SyncError],
    [4242, 'ERROR_4242', SyncError],
  ])('%d is %s', (errno, code, Class) => {
    const error = systemError({ errno, syscall: 'SomeFunctionW' }, mutex);
    expect(error.constructor).toBe(Class);
    expect(error).toBeInstanceOf(SyncError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: Class.name, errno, code, syscall: 'SomeFunctionW', objectName: 'x' });
    expect(error.message).toContain('SomeFunctionW on mutex "x"');
    expect(error.message).toContain(String(errno));
  });

  test('has no object name when the object has none', () => {
    const error = systemError({ errno: 5, syscall: 'SetEvent' }, { kind: 'event' });
    expect(error.objectName).toBeUndefined();
    expect(error.message).toContain('unnamed event');
  });

  test('6, while a name was opened, means another kind', () => {
    const error = openingError({ errno: 6, syscall: 'OpenMutexW' }, mutex);
    expect(error).toBeInstanceOf(KindMismatchError);
    expect(error).toMatchObject({ name: 'KindMismatchError', code: 'ERROR_INVALID_HANDLE', errno: 6, syscall: 'OpenMutexW', objectName: 'x' });
  });

  test('about an argument that it could not read is a TypeError that names the argument', () => {
    const error = openingError({ errno: 1336, syscall: 'Convert', argument: { name: 'security', allowed: 'SDDL' } }, mutex);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE', message: 'security must be SDDL; Convert refused it with error 1336' });
  });
});

describe('an error of the library\'s own', () => {
  test.each([
    [new InvalidNameError('no name', 'a\\b'), { name: 'InvalidNameError', code: 'ERROR_INVALID_NAME', errno: 123, objectName: 'a\\b' }],
    [new ClosedError('closed', 'x'), { name: 'ClosedError', code: 'ERROR_INVALID_HANDLE', errno: 6, objectName: 'x' }],
    [new ClosedError('closed', undefined), { name: 'ClosedError', objectName: undefined }],
  ])('has the same properties, but no system call: %s', (error, properties) => {
    expect(error).toBeInstanceOf(SyncError);
    expect(error).toMatchObject({ ...properties, syscall: undefined });
    expect(String(error)).toBe(`${error.name}: ${error.message}`);
  });
});

test('a description tells the kind and the name, whatever signs it has', () => {
  expect(describeObject({ kind: 'timer', name: 'a"b\0' })).toBe('timer "a\\"b\\u0000"');
  expect(describeObject({ kind: 'process' })).toBe('unnamed process');
});
