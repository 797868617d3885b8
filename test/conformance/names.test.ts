import { describe, expect, test } from 'vitest';
import { Event, KindMismatchError, MAXIMUM_NAME_LENGTH, Mutex, NotFoundError, safeName, Semaphore, Timer } from 'waitable';
import { PEER_KINDS, useActor, type RemoteKind } from '../support/actor.js';
import { expectThrow } from '../support/expect-throw.js';
import { KINDS } from '../support/kinds.js';
import { uniqueName } from '../support/names.js';

const ERROR_INVALID_HANDLE = 6;
const REMOTE_KINDS: readonly RemoteKind[] = ['mutex', 'semaphore', 'event', 'section'];

describe('rule 1: all kinds share one name space', () => {
  for (const owner of KINDS) {
    for (const other of KINDS.filter(kind => kind !== owner)) {
      test(`the name of one ${owner.kind} is refused to every ${other.kind}`, () => {
        const name = uniqueName();
        using object = owner.create(name);
        const mismatch = { code: 'ERR_KIND_MISMATCH', errno: ERROR_INVALID_HANDLE, objectName: name, actualKind: owner.kind, mentions: [name, `of kind ${owner.kind}, not ${other.kind}`] };
        expectThrow(() => other.create(name), KindMismatchError, { ...mismatch, syscall: other.createFunction });
        expectThrow(() => other.open(name), KindMismatchError, { ...mismatch, syscall: other.openFunction });
        expectThrow(() => other.tryOpen(name), KindMismatchError, { ...mismatch, syscall: other.openFunction });

        using again = owner.open(name);
        expect(again.kind).toBe(object.kind);
      });
    }
  }

  describe.each(PEER_KINDS)('between this process and a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test.each(REMOTE_KINDS)('the name of its %s is refused here to every other kind', async kind => {
      const name = uniqueName();
      await actor().create(kind, name);
      for (const other of KINDS.filter(candidate => candidate.kind !== kind)) {
        expectThrow(() => other.create(name), KindMismatchError, { objectName: name, actualKind: kind });
        expectThrow(() => other.open(name), KindMismatchError, { objectName: name, actualKind: kind });
      }
    });

    test.each(KINDS)('the name of a $kind made here is refused there to every other kind', async ({ kind, create }) => {
      const name = uniqueName();
      using object = create(name);
      expect(object.createdNew).toBe(true);
      for (const other of REMOTE_KINDS.filter(candidate => candidate !== kind)) {
        await expect(actor().create(other, name)).rejects.toMatchObject({ errno: ERROR_INVALID_HANDLE });
        await expect(actor().open(other, name)).rejects.toMatchObject({ errno: ERROR_INVALID_HANDLE });
      }
    });
  });
});

describe('rule 2: create opens what exists, and says so', () => {
  test.each(KINDS)('a second create of a $kind gives the same object', ({ create }) => {
    const name = uniqueName();
    using first = create(name);
    using second = create(name);
    expect(first).toMatchObject({ name, createdNew: true });
    expect(second).toMatchObject({ name, createdNew: false });
  });

  test.each(KINDS)('an opened $kind was not created', ({ create, open }) => {
    const name = uniqueName();
    using first = create(name);
    using second = open(name);
    expect([first.createdNew, second.createdNew]).toEqual([true, false]);
    expect(second.name).toBe(name);
  });

  test.each(KINDS)('every unnamed $kind is new', ({ create }) => {
    using first = create();
    using second = create();
    expect(first).toMatchObject({ name: undefined, createdNew: true });
    expect(second).toMatchObject({ name: undefined, createdNew: true });
  });

  test('a semaphore keeps its count and its maximum, whatever is asked for', () => {
    const name = uniqueName();
    using semaphore = Semaphore.create(name, { initialCount: 2, maximumCount: 3 });
    using again = Semaphore.create(name, { initialCount: 7, maximumCount: 9 });
    expect(again.release()).toBe(2);
    expect(() => again.release()).toThrow('maximum');
    expect(semaphore.waitSync(0).status).toBe('signaled');
    expect(semaphore.release()).toBe(2);
  });

  test('an event keeps its state and its way of reset', () => {
    const name = uniqueName();
    using event = Event.create(name, { manualReset: true });
    using again = Event.create(name, { manualReset: false, initialState: true });
    expect(again.waitSync(0).status).toBe('timeout');
    event.set();
    expect(again.waitSync(0).status).toBe('signaled');
    expect(again.waitSync(0).status).toBe('signaled');
  });

  test('a timer keeps its way of reset', () => {
    const name = uniqueName();
    using timer = Timer.create(name, { manualReset: true });
    using again = Timer.create(name, { manualReset: false });
    timer.set(0);
    expect(again.waitSync().status).toBe('signaled');
    expect(again.waitSync(0).status).toBe('signaled');
  });

  describe.each(PEER_KINDS)('with a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test('a mutex that exists is not owned by who creates it with initiallyOwned', async () => {
      const name = uniqueName();
      using mutex = Mutex.create(name);
      const remote = await actor().createMutex(name, { initiallyOwned: true });
      expect(remote.createdNew).toBe(false);
      expect(mutex.waitSync(0).status).toBe('signaled');
      mutex.release();
    });

    test('a mutex that a peer has created is not owned here by initiallyOwned', async () => {
      const name = uniqueName();
      const remote = await actor().createMutex(name);
      using mutex = Mutex.create(name, { initiallyOwned: true });
      expect([remote.createdNew, mutex.createdNew]).toEqual([true, false]);
      expect(() => mutex.release()).toThrow('own');
    });
  });
});

describe('rule 4: names', () => {
  test('are case-sensitive', () => {
    const name = uniqueName('Case');
    using mutex = Mutex.create(name);
    expect(Mutex.tryOpen(name.toLowerCase())).toBeUndefined();
    using event = Event.create(name.toLowerCase());
    expect([mutex.createdNew, event.createdNew]).toEqual([true, true]);
  });

  test('without a prefix begin with Local\\', () => {
    const name = uniqueName();
    using bare = Mutex.create(name);
    using local = Mutex.create(`Local\\${name}`);
    expect(bare).toMatchObject({ name, createdNew: true });
    expect(local).toMatchObject({ name: `Local\\${name}`, createdNew: false });
  });

  test('that nobody has give NotFoundError', () => {
    for (const kind of KINDS) {
      const name = uniqueName();
      const missing = { code: 'ERROR_FILE_NOT_FOUND', errno: 2, syscall: kind.openFunction, objectName: name, mentions: [kind.kind, name] };
      expectThrow(() => kind.open(name), NotFoundError, missing);
      expect(kind.tryOpen(name)).toBeUndefined();
    }
  });

  describe.each(PEER_KINDS)('are the same for a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test.each([
      ['of all scripts', 'Tür 鍵 🔑 ключ'],
      ['with signs that other systems reserve', '/ : * ? " < > | % & + ='],
      ['with blanks at the ends', ' x '],
      ['with control characters', '\u0001\t\n'],
      ['of the machine', 'Global\\'],
      ['of the session', 'Local\\'],
    ])('%s', async (_what, text) => {
      const name = text.endsWith('\\') ? text + uniqueName() : uniqueName(text);
      using semaphore = Semaphore.create(name, { initialCount: 5, maximumCount: 5 });
      const remote = await actor().open('semaphore', name);
      expect(await remote.wait(0)).toEqual({ status: 'signaled', index: 0 });
      expect(semaphore.release()).toBe(4);
    });

    test.each(['', 'Local\\', 'Global\\'])('with %j and as many units as there may be', async prefix => {
      const name = (prefix + uniqueName()).padEnd(MAXIMUM_NAME_LENGTH, 'x');
      using event = Event.create(name);
      const remote = await actor().open('event', name);
      await remote.set();
      expect(event.waitSync(0).status).toBe('signaled');
    });

    test.each([
      ['a path', 'C:\\Users\\someone\\project'],
      ['a reserved word', 'Global'],
      ['an embedded NUL', 'a\0b'],
      ['half of a surrogate pair', 'half \ud83d only'],
      ['a long text', 'long '.repeat(1000)],
    ])('when safeName makes them of %s', async (_what, text) => {
      const name = safeName(`${text} ${uniqueName()}`);
      using event = Event.create(name);
      const remote = await actor().open('event', name);
      await remote.set();
      expect(event.waitSync(0).status).toBe('signaled');
    });
  });
});
