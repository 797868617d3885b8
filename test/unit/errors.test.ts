import { describe, expect, test } from 'vitest';
import * as errors from '../../src/errors.js';
import {
  AccessDeniedError, ClosedError, describe as describeObject, InvalidNameError, KindMismatchError, LimitExceededError, lockLost, NotFoundError, NotOwnerError, openingError, SyncError, systemError, TimeoutError, UnsupportedPlatformError, waitThreadEnded,
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
    [193, 'ERROR_BAD_EXE_FORMAT', SyncError],
    [206, 'ERROR_FILENAME_EXCED_RANGE', SyncError],
    [267, 'ERROR_DIRECTORY', SyncError],
    [740, 'ERROR_ELEVATION_REQUIRED', AccessDeniedError],
    [1223, 'ERROR_CANCELLED', SyncError],
    [4551, 'ERROR_SYSTEM_INTEGRITY_POLICY_VIOLATION', AccessDeniedError],
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
    const error = openingError({ errno: 6, syscall: 'OpenMutexW' }, mutex, 'semaphore');
    expect(error).toBeInstanceOf(KindMismatchError);
    expect(error).toMatchObject({ name: 'KindMismatchError', code: 'ERR_KIND_MISMATCH', errno: 6, syscall: 'OpenMutexW', objectName: 'x', actualKind: 'semaphore' });
    expect(error.message).toBe('OpenMutexW: the name "x" belongs to an object of kind semaphore, not mutex');
    expect(openingError({ errno: 6, syscall: 'OpenMutexW' }, mutex)).toMatchObject({ actualKind: undefined, message: expect.stringContaining('of another kind than mutex') as string });
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
    [new ClosedError('closed', 'x'), { name: 'ClosedError', code: 'ERR_CLOSED', errno: 6, objectName: 'x' }],
    [new ClosedError('closed', undefined), { name: 'ClosedError', objectName: undefined }],
  ])('has the same properties, but no system call: %s', (error, properties) => {
    expect(error).toBeInstanceOf(SyncError);
    expect(error).toMatchObject({ ...properties, syscall: undefined });
    expect(String(error)).toBe(`${error.name}: ${error.message}`);
  });
});

test('code tells apart what is closed, of another kind, invalid, and lost with its thread', () => {
  const cause = new Error('out of memory');
  const all = [
    new ClosedError('closed', 'x'), new KindMismatchError('another kind', {}, 'event'), systemError({ errno: 6, syscall: 'SetEvent' }, mutex), waitThreadEnded(cause),
  ];
  expect(all.map(({ code, errno }) => [code, errno])).toEqual([['ERR_CLOSED', 6], ['ERR_KIND_MISMATCH', 6], ['ERROR_INVALID_HANDLE', 6], ['ERR_WAIT_THREAD_LOST', 6]]);
  expect(waitThreadEnded(cause)).toMatchObject({ cause, message: 'the wait thread has ended: out of memory' });
  expect(lockLost(mutex)).toMatchObject({ code: 'ERR_WAIT_THREAD_LOST', errno: 288, objectName: 'x' });
});

/** Every class of errors by its name, with what makes one. */
const CLASSES = Object.entries(errors).filter(([, value]) => typeof value === 'function' && (value === SyncError || value.prototype instanceof SyncError)) as [string, typeof SyncError][];

describe('every class of errors', () => {
  test('is among these', () => {
    expect(CLASSES.map(([name]) => name)).toContain('TimeoutError');
    expect(CLASSES.length).toBeGreaterThan(10);
  });

  test.each(CLASSES)('has its name, and so have its instances: %s', (name, Class) => {
    const error = new Class('message', { errno: 2 });
    expect([Class.name, Class.prototype.name, error.name, String(error)]).toEqual([name, name, name, `${name}: message`]);
    expect(error.stack).toMatch(new RegExp(`^${name}: message\n`));
    expect(Object.keys(error)).not.toContain('name');
  });
});

describe('instanceof', async () => {
  // Node takes what has another query for another module. The compiler is not to look for it.
  const copy = await import(`${new URL('../../src/errors.js', import.meta.url).href}?copy`) as typeof errors;
  const classOf = (name: string, of: typeof errors) => of[name as 'SyncError'];
  const isAn = (name: string) => (other: string) => other === name || other === 'SyncError';

  test('is asked about two copies', () => {
    expect(copy.SyncError).not.toBe(SyncError);
  });

  test.each(CLASSES)('of an error of another copy holds for its class and its base, and for no other: %s', name => {
    const [own, foreign] = [errors, copy].map(of => new (classOf(name, of))('message', { errno: 2 }));
    for (const [other] of CLASSES) {
      const expected = isAn(name)(other);
      expect([own instanceof classOf(other, errors), foreign instanceof classOf(other, errors), own instanceof classOf(other, copy), foreign instanceof classOf(other, copy)]).toEqual([expected, expected, expected, expected]);
    }
    expect(foreign).toBeInstanceOf(Error);
    expect(foreign).not.toBeInstanceOf(TypeError);
  });

  test.each([undefined, null, 7, 'TimeoutError', Symbol('TimeoutError'), {}, Object.create(null), new Error('x'), new TypeError('x'), { name: 'SyncError', code: 'ERR_CLOSED' }, () => 0])('does not hold for %s', value => {
    for (const [, Class] of CLASSES) expect((value as unknown) instanceof Class).toBe(false);
  });

  test('of classes that a program derives goes by their own prototype, and they are what they derive from', () => {
    class Mine extends TimeoutError {}
    class Theirs extends copy.TimeoutError {}
    class Deeper extends Mine {}
    const [mine, theirs, deeper] = [new Mine('message', undefined), new Theirs('message', undefined), new Deeper('message', undefined)];
    expect([mine instanceof Mine, theirs instanceof Mine, deeper instanceof Mine, deeper instanceof Deeper, mine instanceof Deeper]).toEqual([true, false, true, true, false]);
    expect(new TimeoutError('message', undefined) instanceof Mine).toBe(false);
    for (const error of [mine, theirs, deeper]) {
      expect([error instanceof TimeoutError, error instanceof copy.TimeoutError, error instanceof SyncError, error instanceof copy.SyncError, error instanceof ClosedError]).toEqual([true, true, true, true, false]);
    }
  });
});

test('a description tells the kind and the name, whatever signs it has', () => {
  expect(describeObject({ kind: 'timer', name: 'a"b\0' })).toBe('timer "a\\"b\\u0000"');
  expect(describeObject({ kind: 'process' })).toBe('unnamed process');
});
