import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { checkOptions } from '../../src/options-bag.js';
import { expectThrow, untyped } from '../support/expect-throw.js';

const KNOWN = { timeout: true, signal: true } as const;
const WITH_PERIOD = { period: true } as const;

const elsewhere = createContext({});
const ofAnotherRealm = (code: string): unknown => runInContext(`(${code})`, elsewhere);

class Settings {
  timeout = 5;
}

const argumentsOf: (...given: unknown[]) => unknown = function () {
  // eslint-disable-next-line prefer-rest-params -- it is the subject
  return arguments;
};

describe('an options object', () => {
  test('may be absent', () => {
    expect(checkOptions(undefined, KNOWN)).toEqual({});
  });

  test.each([
    ['empty', {}],
    ['with known options', { timeout: 5 }],
    ['with options that are undefined, which are as absent', { timeout: undefined, tiemout: undefined }],
    ['without a prototype', Object.assign(Object.create(null) as object, { timeout: 5 })],
    ['that inherits from defaults', Object.create({ timeout: 5 })],
    ['that inherits from defaults without a prototype', Object.create(Object.assign(Object.create(null) as object, { timeout: 5 }))],
    ['frozen', Object.freeze({ timeout: 5 })],
    ['of JSON', JSON.parse('{"timeout":5}')],
    ['of another realm', ofAnotherRealm('{ timeout: 5 }')],
    ['of another realm that inherits', ofAnotherRealm('Object.create({ timeout: 5 })')],
    ['with a symbol for a key', { [Symbol('mine')]: 1, timeout: 5 }],
    ['with a getter', { get timeout() { return 5; } }],
    ['that is a proxy of one', new Proxy({ timeout: 5 }, {})],
  ])('may be one that is %s', (_what, options) => {
    expect(checkOptions(untyped(options), KNOWN)).toBe(options);
  });

  test.each<[string, unknown]>([
    ['null', null], ['a string', 'timeout'], ['a boolean', true], ['a symbol', Symbol('timeout')], ['a bigint', 5n], ['a function', () => 5],
    ['an array', []], ['an array of options', [{ timeout: 5 }]], ['a Date', new Date()], ['a Map', new Map([['timeout', 5]])], ['a Promise', Promise.resolve({ timeout: 5 })],
    ['an Error', new Error('timeout')], ['a RegExp', /timeout/], ['a boxed number', Object(5)], ['a class instance', new Settings()], ['an instance of a class that inherits', new class extends Settings {}()],
    ['a URL', new URL('file:///timeout')], ['a typed array', new Uint8Array(1)],
    ['an array of another realm', ofAnotherRealm('[]')], ['a Date of another realm', ofAnotherRealm('new Date()')], ['a class instance of another realm', ofAnotherRealm('new (class { timeout = 5 })()')],
  ])('is not %s', (_what, given) => {
    expectThrow(() => checkOptions(untyped(given), KNOWN, 'bag'), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['bag must be an object of options; given: '] });
  });

  test.each<[string, unknown]>([
    ['a number', 1000], ['NaN', NaN], ['an abort signal', new AbortController().signal], ['an abort controller', new AbortController()], ['a signal of a time', AbortSignal.timeout(1)],
  ])('is not %s, and the message tells what was meant', (_what, given) => {
    expectThrow(() => checkOptions(untyped(given), KNOWN), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: [typeof given === 'number' ? `Did you mean { timeout: ${given} }?` : 'Did you mean { signal'] });
  });

  test('has a hint of its own where there is no timeout', () => {
    expectThrow(() => checkOptions(untyped(1000), WITH_PERIOD), TypeError, { mentions: ['Did you mean { period: 1000 }?'] });
    expect(() => checkOptions(untyped(1000), { access: true })).toThrow(/given: 1000$/);
  });

  test.each([
    ['timout', "did you mean 'timeout'?"], ['Timeout', "did you mean 'timeout'?"], ['timeoutMs', "did you mean 'timeout'?"], ['TIMEOUT', "did you mean 'timeout'?"],
    ['timeoutt', "did you mean 'timeout'?"], ['sginal', "did you mean 'signal'?"], ['abortSignal', "did you mean 'signal'?"],
  ])('has no %s', (key, mention) => {
    expectThrow(() => checkOptions(untyped({ [key]: 5 }), KNOWN), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: [`unknown option '${key}'`, mention, 'timeout, signal'] });
  });

  test.each(['retries', '', '0', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'x'.repeat(1e6)])('has no %s, which is like none that there is', key => {
    const options = Object.defineProperty({}, key, { value: 5, enumerable: true });
    expect(() => checkOptions(untyped(options), KNOWN)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE', message: expect.not.stringContaining('did you mean') as string }));
  });

  test('has no unknown option by inheritance either', () => {
    expect(() => checkOptions(untyped(Object.create({ tiemout: 5 })), KNOWN)).toThrow("unknown option 'tiemout'; did you mean 'timeout'?");
  });

  test('is not an arguments object with anything in it', () => {
    expect(() => checkOptions(untyped(argumentsOf(5)), KNOWN)).toThrow("unknown option '0'");
  });

  test('does not answer for what others have put on every object', () => {
    Object.defineProperty(Object.prototype, 'pollution', { value: 5, enumerable: true, configurable: true, writable: true });
    try {
      expect(checkOptions({ timeout: 5 }, KNOWN)).toEqual({ timeout: 5 });
    } finally {
      delete (Object.prototype as { pollution?: number }).pollution;
    }
  });
});
