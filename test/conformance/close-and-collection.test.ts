import { describe, expect, test } from 'vitest';
import { ClosedError, Event, Mutex, NotOwnerError, Process, Semaphore, signalAndWaitSync, SyncError, Timer, waitAllSync, waitAnySync, type Waitable } from 'waitable';
import { PEER_KINDS, useActor } from '../support/actor.js';
import { expectThrow } from '../support/expect-throw.js';
import { closeHandle, inheritance } from '../support/foreign.js';
import { KINDS } from '../support/kinds.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';
import { HANDLE_VALUES_COME_BACK } from '../support/rows.js';

function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('the tests need --expose-gc');
  globalThis.gc();
}

/** Finalizers have run. */
async function turnsOfLoop(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    collectGarbage();
    await new Promise(resolve => setImmediate(resolve));
  }
}

const WAYS_TO_OWN = [
  {
    by: 'by waitSync', own: (name: string) => {
      const mutex = Mutex.create(name);
      mutex.waitSync(0);
      return mutex;
    },
  },
  { by: 'from the start', own: (name: string) => Mutex.create(name, { initiallyOwned: true }) },
  {
    by: 'by waitAnySync', own: (name: string) => {
      const mutex = Mutex.create(name);
      waitAnySync([mutex], 0);
      return mutex;
    },
  },
  {
    by: 'by waitAllSync', own: (name: string) => {
      const mutex = Mutex.create(name);
      waitAllSync([mutex, Event.create(undefined, { initialState: true })], 0);
      return mutex;
    },
  },
  {
    by: 'by signalAndWaitSync', own: (name: string) => {
      const mutex = Mutex.create(name);
      signalAndWaitSync(Event.create(), mutex, 0);
      return mutex;
    },
  },
];

async function collected(object: WeakRef<Waitable>): Promise<void> {
  await expect.poll(() => {
    collectGarbage();
    return object.deref() === undefined;
  }, { timeout: PATIENCE }).toBe(true);
}

describe('rule 13: an object closes at most once', () => {
  test.each(KINDS)('a $kind is open until it is closed, and closing again does nothing', ({ create }) => {
    const object = create();
    const { handle } = object;
    expect(object.closed).toBe(false);
    expect(inheritance(handle)).toBe('private');
    object.close();
    expect(object.closed).toBe(true);
    expect(inheritance(handle)).toBe('none');
    object.close();
    object[Symbol.dispose]();
    expect(object.closed).toBe(true);
  });

  test.runIf(HANDLE_VALUES_COME_BACK)('a handle value that the system has given to something else is not touched', () => {
    const closed = Event.create();
    const { handle } = closed;
    closed.close();
    const others: Event[] = [];
    do others.push(Event.create()); while (others.at(-1)?.handle !== handle && others.length < 5000);
    const heir = others.at(-1);
    expect(heir?.handle).toBe(handle);

    closed.close();
    closed[Symbol.dispose]();
    expect(() => closed.set()).toThrow(ClosedError);
    expect(heir?.waitSync(0).status).toBe('timeout');
    for (const other of others) other.close();
  });

  test('at the end of a using block', () => {
    const name = uniqueName();
    {
      using mutex = Mutex.create(name);
      expect(mutex.closed).toBe(false);
    }
    expect(Mutex.tryOpen(name)).toBeUndefined();
  });
});

describe('rule 13: use after close gives ClosedError', () => {
  function expectClosed(act: () => unknown, object: Waitable): void {
    expectThrow(act, ClosedError, { code: 'ERR_CLOSED', errno: 6, syscall: undefined, objectName: object.name, mentions: ['closed', object.kind, object.name ?? object.kind] });
  }

  test('from every kind: name, kind and createdNew can still be read, the handle not', () => {
    for (const { create, kind } of KINDS) {
      const name = uniqueName();
      const object = create(name);
      object.close();
      expect(object).toMatchObject({ name, kind, createdNew: true, closed: true });
      expectClosed(() => object.handle, object);
      expectClosed(() => object.waitSync(0), object);
    }
  });

  test('from what each kind does', () => {
    const mutex = Mutex.create(uniqueName());
    const semaphore = Semaphore.create(uniqueName(), { initialCount: 0, maximumCount: 1 });
    const event = Event.create();
    const timer = Timer.create(uniqueName());
    const self = Process.open(process.pid);
    for (const object of [mutex, semaphore, event, timer, self]) object.close();
    expectClosed(() => mutex.release(), mutex);
    expectClosed(() => semaphore.release(), semaphore);
    expectClosed(() => event.set(), event);
    expectClosed(() => event.reset(), event);
    expectClosed(() => timer.set(0), timer);
    expectClosed(() => timer.cancel(), timer);
    expectClosed(() => self.waitSync(0), self);
  });

  test('from waits for many, which take nothing', () => {
    using set = Event.create(undefined, { initialState: true });
    const closed = Mutex.create(uniqueName());
    closed.close();
    for (const wait of [waitAnySync, waitAllSync]) {
      expectClosed(() => wait([set, closed], 0), closed);
      expectThrow(() => wait([set, closed], 0), ClosedError, { mentions: ['objects[1]'] });
      expectThrow(() => wait([closed, set], 0), ClosedError, { mentions: ['objects[0]'] });
    }
    expectThrow(() => signalAndWaitSync(closed, set, 0), ClosedError, { mentions: ['toSignal'] });
    expect(set.waitSync(0).status).toBe('signaled');
    expectThrow(() => signalAndWaitSync(set, closed, 0), ClosedError, { mentions: ['toWaitFor'] });
    expect(set.waitSync(0).status).toBe('timeout');
  });

  test('and from nothing else: another instance of the same object works on', () => {
    const name = uniqueName();
    const closed = Mutex.create(name);
    using open = Mutex.open(name);
    closed.close();
    expect(open.waitSync(0).status).toBe('signaled');
    open.release();
  });
});

describe('a handle that foreign code has closed', () => {
  test('gives an error of the system, and closes without one', () => {
    const event = Event.create(undefined, { initialState: true });
    closeHandle(event.handle);
    const invalid = { code: 'ERROR_INVALID_HANDLE', errno: 6, mentions: ['unnamed event', 'handle'] };
    expectThrow(() => event.waitSync(0), SyncError, { ...invalid, syscall: 'WaitForSingleObject' });
    expectThrow(() => waitAnySync([event], 0), SyncError, { ...invalid, syscall: 'WaitForMultipleObjects' });
    expectThrow(() => event.set(), SyncError, { ...invalid, syscall: 'SetEvent' });
    event.close();
    expect(event.closed).toBe(true);
  });
});

describe('rule 13: an object that is never closed is closed when it is collected', () => {
  test.each(KINDS)('a $kind', async ({ create, tryOpen }) => {
    const name = uniqueName();
    (() => void create(name))();
    await expect.poll(() => {
      collectGarbage();
      const found = tryOpen(name);
      found?.close();
      return found === undefined;
    }, { timeout: PATIENCE }).toBe(true);
  });

  test('but not while it can be reached', async () => {
    const name = uniqueName();
    const kept = { object: Event.create(name) };
    const gone = new WeakRef(Event.create());
    await collected(gone);
    expect(Event.tryOpen(name)?.closed).toBe(false);
    kept.object.close();
  });

  test('and not again when it has been closed before', async () => {
    const gone = (() => {
      const object = Event.create();
      object.close();
      return new WeakRef(object);
    })();
    using heir = Event.create();
    await collected(gone);
    expect(heir.waitSync(0).status).toBe('timeout');
  });

  test('but a guard that was told it is new is not', async () => {
    for (const { create, tryOpen } of KINDS) {
      const name = uniqueName();
      const guard = (() => {
        const object = create(name);
        expect(object.createdNew).toBe(true);
        return new WeakRef(object);
      })();
      await collected(guard);
      await turnsOfLoop();
      using found = tryOpen(name);
      expect(found?.closed).toBe(false);
    }
  });

  test('and what opened an existing object is, whatever it was told', async () => {
    const name = uniqueName();
    const first = Event.create(name);
    (() => expect(Event.create(name).createdNew).toBe(false))();
    first.close();
    await expect.poll(() => {
      collectGarbage();
      return Event.tryOpen(name)?.close();
    }, { timeout: PATIENCE }).toBeUndefined();
  });

  describe.each(PEER_KINDS)('as a peer of kind %s sees it', peerKind => {
    const actor = useActor(peerKind);

    test.each(WAYS_TO_OWN)('a mutex that this thread owns $by stays open and owned, until this thread releases it', async ({ own }) => {
      const name = uniqueName();
      await collected((() => new WeakRef(own(name)))());
      await turnsOfLoop();
      const remote = await actor().open('mutex', name);
      expect(await remote.wait(0)).toMatchObject({ status: 'timeout' });
      const again = Mutex.open(name);
      again.release();
      expectThrow(() => again.release(), NotOwnerError);
      expect(await remote.wait(0)).toMatchObject({ status: 'signaled' });
      again.close();
      await remote.close();
      expect(Mutex.tryOpen(name)).toBeUndefined();
    });

    test('the name is gone', async () => {
      const name = uniqueName();
      (() => void Semaphore.create(name, { initialCount: 0, maximumCount: 1 }))();
      const remote = await actor().open('semaphore', name);
      await remote.close();
      await expect.poll(async () => {
        collectGarbage();
        return actor().open('semaphore', name).then(found => found.close().then(() => 'open'), () => 'gone');
      }, { timeout: PATIENCE }).toBe('gone');
    });
  });
});
