import { describe, expect, expectTypeOf, test } from 'vitest';
import { ClosedError, Event, KindMismatchError, SyncError } from 'waitable';
import { array, describeHandle, duplicateTo, fromHandle32, layout, LayoutMismatchError, SharedMemory, utf16, utf8 } from 'waitable/bitness';
import { PEER_KINDS, useActor } from '../../support/actor.js';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { uniqueName } from '../../support/names.js';

const Job = layout({
  state: 'int32', owner: 'handle32', next: 'offset32', small: 'uint8', total: 'uint64', balance: 'int64', rate: 'float32', progress: 'float64', name: utf8(8), title: utf16(4), shares: array('uint32', 3),
});
const first = Job.begin / 4;

describe('the fields of a section', () => {
  test('are zero and empty when it is new', () => {
    using memory = SharedMemory.create(uniqueName(), Job);
    expect({ ...memory.fields }).toEqual({ state: 0, owner: 0, next: undefined, small: 0, total: 0n, balance: 0n, rate: 0, progress: 0, name: '', title: '', shares: new Uint32Array(3) });
    expect(memory.byteLength).toBe(Job.begin + Job.byteLength);
  });

  test('are the same through every instance, at their places', () => {
    const name = uniqueName();
    using created = SharedMemory.create(name, Job);
    using opened = SharedMemory.open(name, Job);
    using tried = SharedMemory.tryOpen(name, Job);
    Object.assign(created.fields, { state: -5, owner: fromHandle32(0xfffffffe), next: Job.offsetOf('shares'), small: 255, total: 2n ** 64n - 1n, balance: -(2n ** 63n), rate: 0.5, progress: Math.PI, name: 'ä€x', title: 'a𝄞b' });
    created.fields.shares.set([1, 2, 3]);
    for (const memory of [opened, tried]) {
      expect({ ...memory?.fields }).toEqual({
        state: -5, owner: -2, next: Job.offsetOf('shares'), small: 255, total: 2n ** 64n - 1n, balance: -(2n ** 63n), rate: 0.5, progress: Math.PI, name: 'ä€x', title: 'a𝄞b', shares: Uint32Array.of(1, 2, 3),
      });
    }
    expect(new DataView(opened.buffer).getFloat64(Job.begin + Job.offsetOf('progress'), true)).toBe(Math.PI);
  });

  test('have their types', () => {
    using memory = SharedMemory.create(uniqueName(), Job);
    expectTypeOf(memory.fields.state).toEqualTypeOf<number>();
    expectTypeOf(memory.fields.total).toEqualTypeOf<bigint>();
    expectTypeOf(memory.fields.name).toEqualTypeOf<string>();
    expectTypeOf(memory.fields.next).toEqualTypeOf<number | undefined>();
    expectTypeOf(memory.fields.shares).toExtend<Uint32Array>();
    expectTypeOf(memory.atomics.load('total')).toEqualTypeOf<bigint>();
    // @ts-expect-error -- no atomic operation takes a floating-point number
    expect(() => memory.atomics.load('progress')).toThrow(TypeError);
    // @ts-expect-error -- an array is filled, not replaced
    expect(() => memory.fields.shares = new Uint32Array(3)).toThrow(TypeError);
    // @ts-expect-error -- there is no such field
    expect(memory.fields.none).toBeUndefined();
  });

  test('in UTF-16 keep halves of surrogate pairs, so that a name stays the name it is', () => {
    const Text = layout({ few: utf16(4), many: utf16(20_000) });
    const name = uniqueName();
    using memory = SharedMemory.create(name, Text);
    using other = SharedMemory.open(name, Text);
    for (const text of ['\ud83d', '\ude00', 'a\ud83d', '\ude00\ud83d', '\ufeffa', '\uffff\ufffd', 'a😀b']) {
      memory.fields.few = text;
      expect(other.fields.few).toBe(text);
    }
    const long = '😀\ud83d'.repeat(6666);
    memory.fields.many = long;
    expect(other.fields.many).toBe(long);
  });

  test('can be changed atomically', () => {
    using memory = SharedMemory.create(uniqueName(), Job);
    const { atomics, fields } = memory;
    expect([atomics.add('state', 5), atomics.sub('state', 1), atomics.or('state', 3), atomics.and('state', 6), atomics.xor('state', 1), atomics.load('state')]).toEqual([0, 5, 4, 7, 6, 7]);
    expect([atomics.compareExchange('total', 0n, 9n), atomics.compareExchange('total', 0n, 1n), atomics.exchange('total', 4n), fields.total]).toEqual([0n, 9n, 9n, 4n]);
    atomics.store('owner', -1);
    expect(fields.owner).toBe(-1);
    expect(Atomics.add(fields.shares, 1, 7)).toBe(0);
    expect(fields.shares[1]).toBe(7);
  });

  test('take no value that does not fit, and stay as they were', () => {
    using memory = SharedMemory.create(uniqueName(), Job);
    const { fields, atomics } = memory;
    const wrong: readonly (readonly [string, unknown])[] = [
      ['state', 2 ** 31], ['state', 0.5], ['small', -1], ['small', 256], ['owner', 0xfffffffe], ['total', -1n], ['total', 2n ** 64n], ['balance', 2n ** 63n], ['name', 'ninechars'], ['name', 'a\0'], ['name', 'a\ud83d'], ['name', '\ude00b'], ['title', '12345'],
      ['next', -1], ['next', Job.byteLength], ['next', Job.offsetOf('next')],
    ];
    for (const [field, value] of wrong) expectThrow(() => (fields as Record<string, unknown>)[field] = value, RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: [field] });
    for (const [field, value] of [['state', '1'], ['total', 1], ['rate', '1'], ['name', 5], ['shares', []]] as const) {
      expectThrow(() => (fields as Record<string, unknown>)[field] = value, TypeError, { mentions: [field] });
    }
    expect(() => atomics.add('state', 2 ** 31)).toThrow(RangeError);
    expect(() => atomics.load(untyped('none'))).toThrow(TypeError);
    expect({ ...fields }).toMatchObject({ state: 0, small: 0, name: '', next: undefined });
  });

  test('are not trusted: a text that is not well-formed is mended, and what points elsewhere is refused', () => {
    using memory = SharedMemory.create(uniqueName(), Job);
    const bytes = new Uint8Array(memory.buffer, Job.begin);
    bytes.set([0x61, 0xff, 0xc3, 0x28, 0x62, 0x62, 0x62, 0x62], Job.offsetOf('name'));
    expect(memory.fields.name).toBe('a\ufffd\ufffd(bbbb');
    bytes.set([0x00, 0xd8, 0x61, 0x00], Job.offsetOf('title'));
    expect(memory.fields.title).toBe('\ud800a');
    new Int32Array(memory.buffer)[first + Job.offsetOf('next') / 4] = 1 << 20;
    expectThrow(() => memory.fields.next, SyncError, { code: 'ERROR_FILE_CORRUPT', mentions: ['next'] });
  });

  test('are gone when it is closed', () => {
    const memory = SharedMemory.create(uniqueName(), Job);
    const { fields, atomics } = memory;
    memory.close();
    for (const act of [() => fields.state, () => fields.state = 1, () => fields.shares, () => atomics.load('state'), () => memory.fields, () => memory.atomics, () => memory.handle]) expectThrow(act, ClosedError);
  });

  test('are there only with a layout', () => {
    using memory = SharedMemory.create(uniqueName(), 64);
    expectThrow(() => memory.fields, TypeError, { mentions: ['layout'] });
    expectThrow(() => memory.atomics, TypeError, { mentions: ['layout'] });
  });
});

describe('a section with another layout', () => {
  test('is refused, by create and open, and stays as it was', () => {
    const name = uniqueName();
    using memory = SharedMemory.create(name, Job);
    memory.fields.state = 7;
    const Other = layout({ ...Job.fields, state: 'uint32' });
    for (const act of [() => SharedMemory.create(name, Other), () => SharedMemory.open(name, Other), () => SharedMemory.tryOpen(name, Other)]) {
      expectThrow(act, LayoutMismatchError, { code: 'ERROR_REVISION_MISMATCH', objectName: name, mentions: [name, Job.fingerprint, Other.fingerprint] });
    }
    expect(memory.fields.state).toBe(7);
  });

  test('of plain bytes is refused if it has been written to, and taken over if not', () => {
    const name = uniqueName();
    using plain = SharedMemory.create(name, 4096);
    SharedMemory.open(name, Job).close();
    const other = uniqueName();
    using written = SharedMemory.create(other, 4096);
    new Int32Array(written.buffer)[0] = 1;
    expect(() => SharedMemory.open(other, Job)).toThrow(LayoutMismatchError);
    expect(new BigUint64Array(plain.buffer)[0]).toBe(BigInt(`0x${Job.fingerprint}`));
  });
});

describe('a section that has no name', () => {
  test('goes by its handle', () => {
    using memory = SharedMemory.create(undefined, Job);
    memory.fields.state = 9;
    expect(memory.name).toBeUndefined();
    const handle = duplicateTo(process.pid, memory);
    using taken = SharedMemory.fromHandle(handle, Job);
    expect(taken.fields.state).toBe(9);
    expect(describeHandle(memory.handle)).toMatchObject({ kind: 'section', rights: [] });
    expectThrow(() => describeHandle(handle), SyncError, { code: 'ERROR_INVALID_HANDLE' });
  });

  test('is not made of a handle to something else', () => {
    using event = Event.create();
    const handle = duplicateTo(process.pid, event);
    expectThrow(() => SharedMemory.fromHandle(handle, Job), KindMismatchError, { mentions: ['event', 'section'] });
    expect(describeHandle(handle).kind).toBe('event');
    expectThrow(() => SharedMemory.fromHandle(0x7ffffff0, Job), SyncError, { code: 'ERROR_INVALID_HANDLE' });
    expectThrow(() => SharedMemory.fromHandle(event.handle, Job), TypeError, { mentions: ['handle'] });
  });
});

describe.each(PEER_KINDS)('a section with a layout and a peer of kind %s', peerKind => {
  const actor = useActor(peerKind);

  test('have the same fields', async () => {
    const name = uniqueName();
    // A peer maps 4,096 bytes.
    const Wide = layout({ state: 'int32', low: 'uint32', wide: 'int64', filler: array('uint8', 4096 - 64 - 16) });
    using memory = SharedMemory.create(name, Wide);
    const theirs = await actor().open('section', name);
    const place = (field: keyof typeof Wide.fields) => (Wide.begin + Wide.offsetOf(field)) / 4;
    memory.fields.state = -7;
    expect(await actor().send('read', theirs.slot, place('state'))).toEqual(['-7']);
    await actor().send('write', theirs.slot, place('wide') + 1, -1);
    expect(memory.fields.wide).toBe(-(2n ** 32n));
    await actor().send('write', theirs.slot, place('low'), -1);
    expect(memory.fields.low).toBe(0xffffffff);
  });

  test('of another layout is no board', async () => {
    const name = uniqueName();
    using memory = SharedMemory.create(name, layout({ filler: array('uint8', 4096 - 64) }));
    const theirs = await actor().open('section', name);
    await expect(actor().send('run', 'count', `board=${theirs.slot}`, 'contender=0', 'contenders=1', 'spin=0', 'lock=-1')).rejects.toThrow(/layout/);
    expect(new Int32Array(memory.buffer).subarray(2).every(word => word === 0)).toBe(true);
  });
});
