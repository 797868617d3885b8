import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { AccessDeniedError, ClosedError, InvalidNameError, KindMismatchError, Mutex, NotFoundError } from 'waitable';
import { array, layout, SharedMemory } from 'waitable/bitness';
import { COUNTER, STOP } from '../../../stress/peers/board.js';
import { PEER_KINDS, startActor, useActor, useActors } from '../../support/actor.js';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { KINDS } from '../../support/kinds.js';
import { uniqueName } from '../../support/names.js';
import { PATIENCE } from '../../support/patience.js';
import { HAS_SECURITY_DESCRIPTORS, NO_CLONE } from '../../support/rows.js';

function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('the tests need --expose-gc');
  globalThis.gc();
}

/** A board, as peers map it. */
const BYTES = 4096;

describe('shared memory', () => {
  test('is zeroed when it is new', () => {
    using memory = SharedMemory.create(uniqueName(), BYTES);
    expect(memory).toMatchObject({ createdNew: true, byteLength: BYTES, closed: false });
    expect(memory.buffer.byteLength).toBe(BYTES);
    expect(new Uint8Array(memory.buffer).every(byte => byte === 0)).toBe(true);
  });

  test('is shown with its name and size, described by JSON, and never cloned', () => {
    const name = uniqueName();
    using memory = SharedMemory.create(name, BYTES);
    expect(inspect(memory, { breakLength: Infinity })).toBe(`SharedMemory { name: '${name}', createdNew: true, closed: false, byteLength: ${BYTES} }`);
    expect(JSON.parse(JSON.stringify(memory))).toEqual({ kind: 'section', name, createdNew: true, closed: false, byteLength: BYTES });
    expect(() => structuredClone(memory)).toThrow(NO_CLONE);
  });

  test('is the same through every instance of its name', () => {
    const name = uniqueName();
    using created = SharedMemory.create(name, BYTES);
    using again = SharedMemory.create(`Local\\${name}`, BYTES);
    using opened = SharedMemory.open(name, 8);
    using tried = SharedMemory.tryOpen(name, 8);
    expect([created, again, opened, tried].map(memory => memory?.createdNew)).toEqual([true, false, false, false]);
    new DataView(created.buffer).setFloat64(0, Math.PI);
    for (const memory of [again, opened, tried]) expect(new DataView(memory?.buffer ?? new ArrayBuffer(8)).getFloat64(0)).toBe(Math.PI);
    expect(opened.buffer.byteLength).toBe(8);
  });

  test('may have any number of bytes', () => {
    for (const bytes of [1, 3, 4095, 4097, 1 << 20]) {
      using memory = SharedMemory.create(uniqueName(), bytes);
      const view = new Uint8Array(memory.buffer);
      expect(view).toHaveLength(bytes);
      view[bytes - 1] = 7;
      expect(view.at(-1)).toBe(7);
    }
  });

  test('that nobody has is not found', () => {
    const name = uniqueName();
    expectThrow(() => SharedMemory.open(name, BYTES), NotFoundError, { code: 'ERROR_FILE_NOT_FOUND', errno: 2, syscall: 'OpenFileMappingW', objectName: name, mentions: ['section', name] });
    expect(SharedMemory.tryOpen(name, BYTES)).toBeUndefined();
  });

  test('that is smaller than asked for is refused, and left as it is', () => {
    const name = uniqueName();
    using memory = SharedMemory.create(name, BYTES);
    for (const act of [() => SharedMemory.create(name, BYTES * 16), () => SharedMemory.open(name, BYTES * 16)]) {
      expectThrow(act, AccessDeniedError, { code: 'ERROR_ACCESS_DENIED', errno: 5, syscall: 'MapViewOfFile', objectName: name });
    }
    expect(memory.buffer.byteLength).toBe(BYTES);
  });

  test('rule 3: is gone with its last opener, and fresh afterwards', () => {
    const name = uniqueName();
    const first = SharedMemory.create(name, BYTES);
    const second = SharedMemory.open(name, BYTES);
    new Uint8Array(first.buffer).fill(1);
    first.close();
    expect(new Uint8Array(second.buffer).at(0)).toBe(1);
    second.close();
    expect(SharedMemory.tryOpen(name, BYTES)).toBeUndefined();
    using fresh = SharedMemory.create(name, BYTES);
    expect(fresh.createdNew).toBe(true);
    expect(new Uint8Array(fresh.buffer).at(0)).toBe(0);
  });

  // Node 20 cannot take the memory away from a view.
  test.skipIf(!('transfer' in ArrayBuffer.prototype)).each(['transfer', 'transferToFixedLength'])('cannot be moved to another buffer by %s, and is closed in order afterwards', method => {
    using memory = SharedMemory.create(uniqueName(), 4096);
    const bytes = new Uint8Array(memory.buffer);
    bytes[0] = 7;
    expect(() => Reflect.apply(Reflect.get(memory.buffer, method) as () => ArrayBuffer, memory.buffer, [])).toThrow(TypeError);
    expect([memory.buffer.byteLength, bytes[0]]).toEqual([4096, 7]);
    memory.close();
    expect(bytes.byteLength).toBe(0);
  });

  test.skipIf(!('transfer' in ArrayBuffer.prototype))('that was moved by force stays mapped, and is closed in order', () => {
    const memory = SharedMemory.create(uniqueName(), 4096);
    const move = Reflect.get(ArrayBuffer.prototype, 'transfer') as () => ArrayBuffer;
    const bytes = new Uint8Array(Reflect.apply(move, memory.buffer, []));
    memory.close();
    bytes[0] = 7;
    expect([memory.closed, bytes[0]]).toEqual([true, 7]);
  });

  test.skipIf(!('transfer' in ArrayBuffer.prototype))('after close every view on it is empty, and itself is closed', () => {
    const name = uniqueName();
    const memory = SharedMemory.create(name, BYTES);
    const { buffer } = memory;
    const view = new Int32Array(buffer);
    memory.close();
    memory.close();
    expect(memory).toMatchObject({ closed: true, name, byteLength: BYTES });
    expect([buffer.byteLength, view.length, view[0]]).toEqual([0, 0, undefined]);
    expectThrow(() => memory.buffer, ClosedError, { errno: 6, objectName: name, mentions: ['closed', name] });
  });

  test.each([0, -1, 1.5, NaN, Infinity, 2 ** 30 + 1])('is not created or opened with %s bytes', byteLength => {
    const name = uniqueName();
    for (const act of [() => SharedMemory.create(name, byteLength), () => SharedMemory.open(name, byteLength), () => SharedMemory.tryOpen(name, byteLength)]) {
      expectThrow(act, RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['byteLength', byteLength, 2 ** 30] });
    }
    expect(SharedMemory.tryOpen(name, 1)).toBeUndefined();
  });

  test('rule 4: refuses bad names', () => {
    for (const name of ['', 'a\0b', 'a\\b', 'x'.repeat(261)]) {
      expectThrow(() => SharedMemory.create(name, BYTES), InvalidNameError, { errno: 123, objectName: name });
      expectThrow(() => SharedMemory.tryOpen(name, BYTES), InvalidNameError, { errno: 123, objectName: name });
    }
    expectThrow(() => SharedMemory.create(untyped(5), BYTES), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['name'] });
  });

  test.each(KINDS)('rule 1: shares the name space with each $kind', ({ create, open }) => {
    const name = uniqueName();
    using object = create(name);
    expect(object.createdNew).toBe(true);
    expectThrow(() => SharedMemory.create(name, BYTES), KindMismatchError, { errno: 6, syscall: 'CreateFileMappingW', objectName: name, mentions: ['section', name] });
    expectThrow(() => SharedMemory.open(name, BYTES), KindMismatchError, { errno: 6, syscall: 'OpenFileMappingW', objectName: name });

    const other = uniqueName();
    using memory = SharedMemory.create(other, BYTES);
    expect(memory.createdNew).toBe(true);
    expectThrow(() => create(other), KindMismatchError, { objectName: other });
    expectThrow(() => open(other), KindMismatchError, { objectName: other });
  });

  test.runIf(HAS_SECURITY_DESCRIPTORS)('that exists is opened by who may map it, and no more', () => {
    const name = uniqueName();
    using first = SharedMemory.create(name, 16, { security: 'D:P(A;;0x7;;;WD)' });
    using second = SharedMemory.create(name, 16);
    expect([first.createdNew, second.createdNew]).toEqual([true, false]);
    new Int32Array(first.buffer)[0] = 42;
    expect(new Int32Array(second.buffer)[0]).toBe(42);
  });

  describe('that is never closed', () => {
    const Job = layout({ state: 'int32', shares: array('int32', 4) });
    const VIEWS: { view: string; make: (name: string) => { memory: WeakRef<SharedMemory>; view: Int32Array } }[] = [
      {
        view: 'a typed array on it',
        make: name => {
          const memory = SharedMemory.create(name, BYTES);
          return { memory: new WeakRef(memory), view: new Int32Array(memory.buffer) };
        },
      },
      {
        view: 'an array among its fields',
        make: name => {
          const memory = SharedMemory.create(name, Job);
          return { memory: new WeakRef<SharedMemory>(memory), view: memory.fields.shares };
        },
      },
    ];

    test.each(VIEWS)('stays what its name stands for as long as there is $view, and closes with it', async ({ make }) => {
      const name = uniqueName();
      const views: Int32Array[] = [];
      const memory = (() => {
        const made = make(name);
        views.push(made.view);
        return made.memory;
      })();
      await expect.poll(() => {
        collectGarbage();
        return memory.deref() === undefined;
      }, { timeout: PATIENCE }).toBe(true);
      await new Promise(resolve => setImmediate(resolve));
      views.forEach(view => view.fill(77, 0, 2));
      {
        using again = SharedMemory.create(name, 8);
        expect(again.createdNew).toBe(false);
      }
      expect(views.map(([, second]) => second)).toEqual([77]);
      views.length = 0;
      await expect.poll(() => {
        collectGarbage();
        const found = SharedMemory.tryOpen(name, 8);
        found?.close();
        return found === undefined;
      }, { timeout: PATIENCE }).toBe(true);
    });
  });

  describe('between processes of every kind', () => {
    const actors = useActors(PEER_KINDS);

    test('holds what each of them writes', async () => {
      const name = uniqueName();
      using memory = SharedMemory.create(name, BYTES);
      const words = new Int32Array(memory.buffer);
      for (const [index, actor] of actors().entries()) {
        const remote = await actor.open('section', name);
        words[index] = -index;
        expect(await actor.send('read', remote.slot, index)).toEqual([String(-index)]);
        await actor.send('write', remote.slot, index, 0x7fffffff - index);
        expect(Atomics.load(words, index)).toBe(0x7fffffff - index);
      }
    });

    test('keeps a plain counter exact under a mutex, and an interlocked one without', async () => {
      const [board, lock] = [uniqueName('board'), uniqueName('lock')];
      using memory = SharedMemory.create(board, BYTES);
      using mutex = Mutex.create(lock, { initiallyOwned: true });
      const words = new Int32Array(memory.buffer);
      const contenders = actors().length;
      const reports = actors().map(async (actor, contender) => {
        const [section, object] = [await actor.open('section', board), await actor.open('mutex', lock)];
        return actor.send('run', 'count', `board=${section.slot}`, `contender=${contender}`, `contenders=${contenders}`, 'spin=0', `lock=${object.slot}`);
      });
      mutex.release();
      await expect.poll(() => Atomics.load(words, COUNTER), { timeout: 30_000 }).toBeGreaterThan(1000);
      Atomics.store(words, STOP, 1);
      let sum = 0;
      for (const [operations, abandonments, violations] of await Promise.all(reports)) {
        sum += Number(operations);
        expect([abandonments, violations]).toEqual(['0', '0']);
      }
      expect(words[COUNTER]).toBe(sum);
    });
  });

  describe.each(PEER_KINDS.filter(kind => kind !== 'thread'))('of a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test('can be opened here, and is gone when that is killed', async () => {
      const name = uniqueName();
      const owner = await startActor(peerKind);
      const remote = await owner.create('section', name);
      await owner.send('write', remote.slot, 5, 55);
      const memory = SharedMemory.open(name, BYTES);
      await owner.peer.kill();
      expect(new Int32Array(memory.buffer)[5]).toBe(55);
      memory.close();
      expect((await actor().create('section', name)).createdNew).toBe(true);
    });
  });
});
