import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, Program } from './support.js';

/** Robust mutexes of the C library, in a file that processes share: three of them. */
const PTHREAD = `
const { default: koffi } = await import('koffi');
const { closeSync, ftruncateSync, openSync } = await import('node:fs');
const library = koffi.load(null);
const mmap = library.func('mmap', 'intptr', ['intptr', 'size_t', 'int', 'int', 'int', 'long']);
const functions = {};
for (const [name, parameters] of [
  ['pthread_mutexattr_init', ['void *']], ['pthread_mutexattr_setrobust', ['void *', 'int']], ['pthread_mutexattr_setpshared', ['void *', 'int']], ['pthread_mutex_init', ['intptr', 'void *']],
  ['pthread_mutex_trylock', ['intptr']], ['pthread_mutex_unlock', ['intptr']], ['pthread_mutex_consistent', ['intptr']],
]) functions[name] = library.func(name, 'int', parameters);
scope.native = (path, initialize) => {
  const descriptor = openSync(path, 'a+', 0o600);
  ftruncateSync(descriptor, 4096);
  const address = mmap(0, 4096, 3, 1, descriptor, 0);
  closeSync(descriptor);
  return [0, 1, 2].map(index => {
    const mutex = address + index * 128;
    if (initialize) {
      const attributes = new Uint8Array(new ArrayBuffer(64));
      functions.pthread_mutexattr_init(attributes);
      functions.pthread_mutexattr_setrobust(attributes, 1);
      functions.pthread_mutexattr_setpshared(attributes, 1);
      functions.pthread_mutex_init(mutex, attributes);
    }
    return {
      take() {
        const result = functions.pthread_mutex_trylock(mutex);
        if (result === 130) functions.pthread_mutex_consistent(mutex);
        return { 0: 'signaled', 16: 'timeout', 130: 'abandoned' }[result] ?? result;
      },
      release() {
        const result = functions.pthread_mutex_unlock(mutex);
        if (result !== 0) throw new Error('pthread_mutex_unlock: ' + result);
      },
    };
  });
};
scope.ours = () => ['a', 'b', 'c'].map(name => {
  const mutex = Mutex.create(name);
  return { take: () => mutex.waitSync(0).status, release: () => mutex.release() };
});
const { Mutex } = waitable;
`;

const ORDERS = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/**
 * What a library that was built with -ffast-math does to the thread that loads it: denormals-are-zero and flush-to-zero are set in its control register.
 *
 * By machine code for x64: make room on the stack; store the register there; set the two bits; load it from there; give back the room; return.
 */
const FAST_MATH = `
const { default: koffi } = await import('koffi');
const PROT_READ_WRITE_EXECUTE = 7, MAP_PRIVATE_ANONYMOUS = 0x22;
const mmap = koffi.load(null).func('mmap', 'intptr', ['intptr', 'size_t', 'int', 'int', 'int', 'long']);
const code = BigInt(mmap(0, 4096, PROT_READ_WRITE_EXECUTE, MAP_PRIVATE_ANONYMOUS, -1, 0));
new Uint8Array(koffi.view(code, 4096)).set([0x48, 0x83, 0xec, 8, 0x0f, 0xae, 0x1c, 0x24, 0x81, 0x0c, 0x24, 0x40, 0x80, 0, 0, 0x0f, 0xae, 0x14, 0x24, 0x48, 0x83, 0xc4, 8, 0xc3]);
scope.fastMath = () => {
  koffi.call(code, koffi.proto('void fast_math()'));
  return Number.MIN_VALUE === 0;
};
`;

/** Which of the three are the C library's. */
const MIXES = [
  ['ours, the C library\'s, ours', [false, true, false]],
  ['the C library\'s, ours, the C library\'s', [true, false, true]],
  ['the C library\'s, the C library\'s, ours', [true, true, false]],
] as const;

function locks(folder: string, mix: readonly boolean[], initialize: boolean): string {
  return `const native_ = native(${JSON.stringify(join(folder, 'native'))}, ${initialize}), ours_ = ours(); kept.locks = ${JSON.stringify(mix)}.map((isNative, index) => (isNative ? native_ : ours_)[index]);`;
}

describe('the robust list of a thread', () => {
  test.each(MIXES)('is shared with the C library, whatever the order: %s', async (_, mix) => {
    const folder = makeFolder();
    const holder = new Program(folder, PTHREAD);
    await holder.run(locks(folder, mix, true));
    const heir = new Program(folder, PTHREAD);
    await heir.run(locks(folder, mix, false));

    expect(await holder.run(`
      const orders = ${JSON.stringify(ORDERS)};
      for (const taken of orders) for (const released of orders) {
        for (const index of taken) if (kept.locks[index].take() !== 'signaled') return { taken, released, index };
        for (const index of released) kept.locks[index].release();
      }
      return 'all';
    `)).toBe('all');
    const takeAll = 'return kept.locks.map(lock => { const status = lock.take(); if (status !== "timeout") lock.release(); return status; })';
    expect(await heir.run(takeAll)).toEqual(['signaled', 'signaled', 'signaled']);
    await holder.run('for (const lock of kept.locks) lock.take();');
    expect(await heir.run(takeAll)).toEqual(['timeout', 'timeout', 'timeout']);
    await holder.kill();
    expect(await heir.run(takeAll)).toEqual(['abandoned', 'abandoned', 'abandoned']);
    expect(await heir.run(takeAll)).toEqual(['signaled', 'signaled', 'signaled']);
  });

  test.each(ORDERS)('has those that were not released before a kill: released was %i, of %i and %i', async (first, second, third) => {
    const folder = makeFolder();
    const mix = [false, true, false];
    const holder = new Program(folder, PTHREAD);
    await holder.run(locks(folder, mix, true));
    const heir = new Program(folder, PTHREAD);
    await heir.run(locks(folder, mix, false));
    await holder.run(`for (const index of [${third}, ${first}, ${second}]) kept.locks[index].take(); kept.locks[${first}].release();`);
    await holder.kill();
    const statuses = await heir.run('return kept.locks.map(lock => lock.take())');
    expect(statuses).toEqual([0, 1, 2].map(index => index === first ? 'signaled' : 'abandoned'));
  });

  test.runIf(process.arch === 'x64').each([
    ['ours', [false, false, false]], ...MIXES,
  ] as const)('loses nothing where -ffast-math has made the thread take pointers for 0: %s', async (_, mix) => {
    const folder = makeFolder();
    const heir = new Program(folder, PTHREAD);
    await heir.run(locks(folder, mix, true));
    for (const [first, second, third] of ORDERS) {
      const holder = new Program(folder, `${PTHREAD} {${FAST_MATH}}`);
      await holder.run(locks(folder, mix, false));
      expect(await holder.run('return fastMath()')).toBe(true);
      await holder.run(`for (const index of [${third}, ${first}, ${second}]) kept.locks[index].take(); kept.locks[${first}].release();`);
      await holder.kill();
      const statuses = await heir.run('return kept.locks.map(lock => { const status = lock.take(); if (status !== "timeout") lock.release(); return status; })');
      expect(statuses).toEqual([0, 1, 2].map(index => index === first ? 'signaled' : 'abandoned'));
    }
  });

  test('holds 1,900 mutexes, and all of them are abandoned when it is killed; the next is refused, and nothing is lost', async () => {
    const folder = makeFolder();
    const make = 'kept.mutexes = Array.from({ length: 1901 }, (_, index) => Mutex.create(`m${index}`));';
    const [holder, heir] = [new Program(folder), new Program(folder)];
    await Promise.all([holder.run(make), heir.run(make)]);
    expect(await holder.run('return kept.mutexes.slice(0, 1900).filter(mutex => mutex.waitSync(0).status === "signaled").length')).toBe(1900);

    const refused = await holder.failure('kept.mutexes[1900].waitSync(0)');
    expect(refused).toMatchObject({ name: 'SyncError', code: 'ERROR_NO_SYSTEM_RESOURCES' });
    expect(refused.message).toContain('1,900');
    expect(await holder.failure('waitAllSync([kept.mutexes[1900], Event.create(undefined, { initialState: true })], 0)')).toMatchObject({ code: 'ERROR_NO_SYSTEM_RESOURCES' });
    expect(await holder.failure("Mutex.create('owned', { initiallyOwned: true })")).toMatchObject({ code: 'ERROR_NO_SYSTEM_RESOURCES' });
    expect(await heir.run("return Mutex.tryOpen('owned') === undefined")).toBe(true);
    // Those that it has, it may take again.
    expect(await holder.run('const { status } = kept.mutexes[5].waitSync(0); kept.mutexes[5].release(); return status;')).toBe('signaled');
    expect(await heir.run('const { status } = kept.mutexes[1900].waitSync(0); kept.mutexes[1900].release(); return status;')).toBe('signaled');
    await holder.run('kept.mutexes[7].release(); kept.mutexes[1900].waitSync(0); kept.mutexes[1900].release(); kept.mutexes[7].waitSync(0);');

    await holder.kill();
    expect(await heir.run(`return kept.mutexes.slice(0, 1900).filter(mutex => { const { status } = mutex.waitSync(${PATIENCE}); mutex.release(); return status === 'abandoned'; }).length`)).toBe(1900);
    expect(await heir.run('return kept.mutexes[1900].waitSync(0).status')).toBe('signaled');
  });
});
