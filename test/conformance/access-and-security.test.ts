import { describe, expect, test } from 'vitest';
import { AccessDeniedError, Event, Mutex, Semaphore, signalAndWaitSync, Timer, waitAllSync, waitAnySync, type AccessRight } from 'waitable';
import { PEER_KINDS, useActor } from '../support/actor.js';
import { expectThrow, untyped } from '../support/expect-throw.js';
import { grantedToEveryone, trustees } from '../support/foreign.js';
import { EVENT, KINDS, MUTEX, SEMAPHORE } from '../support/kinds.js';
import { uniqueName } from '../support/names.js';
import { HAS_SECURITY_DESCRIPTORS } from '../support/rows.js';

const denied = { code: 'ERROR_ACCESS_DENIED', errno: 5 };
/** Grants something to the system alone. */
const SYSTEM_ONLY = 'D:P(A;;GA;;;SY)';
const NOBODY = 'D:P';

/** SYNCHRONIZE, and the rights of a kind of its own: modifyState among them. */
const WAIT_AND_SIGNAL = 0x100003;
/** WRITE_DAC and WRITE_OWNER, and GENERIC_ALL, which stands for them too. */
const CHANGE_SECURITY = 0x100c0000;

describe('access: a handle carries the rights asked for, and no others', () => {
  test.each(KINDS)('without synchronize a $kind cannot be waited for', ({ create, open }) => {
    const name = uniqueName();
    using object = create(name);
    using handle = open(name, { access: ['modifyState'] });
    expectThrow(() => handle.waitSync(0), AccessDeniedError, { ...denied, syscall: 'WaitForSingleObject', objectName: name, mentions: [name] });
    expectThrow(() => waitAnySync([handle], 0), AccessDeniedError, { ...denied, syscall: 'WaitForMultipleObjects' });
    expectThrow(() => waitAllSync([handle], 0), AccessDeniedError, { ...denied, syscall: 'WaitForMultipleObjects' });
    expect(object.waitSync(0).status).toBe(object instanceof Timer ? 'timeout' : 'signaled');
    if (object instanceof Mutex) object.release();
  });

  test('without modifyState a semaphore is not released, and its count stands', () => {
    const name = uniqueName();
    using semaphore = Semaphore.create(name, { initialCount: 1, maximumCount: 3 });
    using handle = Semaphore.open(name, { access: ['synchronize'] });
    expectThrow(() => handle.release(), AccessDeniedError, { ...denied, syscall: 'ReleaseSemaphore', objectName: name });
    expect(handle.waitSync(0).status).toBe('signaled');
    expect(semaphore.release()).toBe(0);
  });

  test('without modifyState an event is neither set nor reset', () => {
    const name = uniqueName();
    using event = Event.create(name);
    using handle = Event.open(name, { access: ['synchronize'] });
    expectThrow(() => handle.set(), AccessDeniedError, { ...denied, syscall: 'SetEvent', objectName: name });
    expect(event.waitSync(0).status).toBe('timeout');
    event.set();
    expectThrow(() => handle.reset(), AccessDeniedError, { ...denied, syscall: 'ResetEvent', objectName: name });
    expectThrow(() => signalAndWaitSync(handle, event, 0), AccessDeniedError, { ...denied, syscall: 'SignalObjectAndWait' });
    expect(handle.waitSync(0).status).toBe('signaled');
  });

  test('without modifyState a timer is neither set nor cancelled', () => {
    const name = uniqueName();
    using timer = Timer.create(name);
    using handle = Timer.open(name, { access: ['synchronize'] });
    expectThrow(() => handle.set(0), AccessDeniedError, { ...denied, syscall: 'SetWaitableTimer', objectName: name });
    expectThrow(() => handle.cancel(), AccessDeniedError, { ...denied, syscall: 'CancelWaitableTimer', objectName: name });
    expect(timer.waitSync(0).status).toBe('timeout');
  });

  test('a mutex is released by its owner through any handle', () => {
    const name = uniqueName();
    using mutex = Mutex.create(name, { initiallyOwned: true });
    using handle = Mutex.open(name, { access: ['synchronize'] });
    handle.release();
    expect(() => mutex.release()).toThrow('own');
  });

  test.each(KINDS)('a $kind can be created with fewer rights as well', ({ create }) => {
    using object = create(uniqueName(), { access: ['modifyState'] });
    expect(() => object.waitSync(0)).toThrow(AccessDeniedError);
  });

  const rights: AccessRight[] = ['synchronize', 'modifyState', 'queryState', 'delete', 'readControl', 'writeDac', 'writeOwner', 'allAccess'];
  for (const right of rights) {
    test.each(KINDS)(`a $kind of one's own can be opened for ${right}`, ({ create, open }) => {
      const name = uniqueName();
      using object = create(name);
      using handle = open(name, { access: [right] });
      expect([object.closed, handle.closed]).toEqual([false, false]);
    });
  }

  test.each([
    ['no rights', []],
    ['an unknown right', ['synchronize', 'everything']],
    ['what every object has', ['constructor']],
    ['no array', 'synchronize'],
    ['a mask', 0x1f0003],
    ['null', null],
  ])('%s is refused', (_what, access) => {
    const name = uniqueName();
    using object = Mutex.create(name);
    for (const { create, open } of KINDS) {
      const wrong = { code: 'ERR_INVALID_ARG_TYPE', mentions: ['access', "'synchronize'", "'allAccess'"] };
      expectThrow(() => create(undefined, { access: untyped(access) }), TypeError, wrong);
      expectThrow(() => open(name, { access: untyped(access) }), TypeError, wrong);
    }
    expect(object.closed).toBe(false);
  });
});

describe('security: who may open an object', () => {
  test.runIf(HAS_SECURITY_DESCRIPTORS).each(KINDS)('of a $kind is this user and the system, unless one says otherwise', ({ create }) => {
    for (const options of [{}, { security: 'user' }]) {
      using object = create(uniqueName(), { ...options, access: ['readControl'] });
      const allowed = trustees(object.handle);
      expect(allowed).toHaveLength(2);
      expect(allowed).toContain('SY');
      expect(allowed).not.toContain('WD');
    }
  });

  test.runIf(HAS_SECURITY_DESCRIPTORS).each(KINDS)('of a $kind is everyone, if one says so', ({ create }) => {
    using object = create(uniqueName(), { security: 'everyone', access: ['readControl'] });
    expect(trustees(object.handle)).toHaveLength(3);
    expect(trustees(object.handle)).toEqual(expect.arrayContaining(['SY', 'WD']));
    const granted = grantedToEveryone(object.handle);
    expect(granted & WAIT_AND_SIGNAL).toBe(WAIT_AND_SIGNAL);
    expect(granted & CHANGE_SECURITY).toBe(0);
  });

  test.runIf(HAS_SECURITY_DESCRIPTORS).each(KINDS)('of a $kind is whom a descriptor in SDDL says', ({ create, open }) => {
    const name = uniqueName();
    using object = create(name, { security: 'D:(A;;0x120000;;;WD)(A;;GA;;;SY)', access: ['synchronize', 'readControl'] });
    expect(trustees(object.handle).sort()).toEqual(['SY', 'WD']);
    using handle = open(name, { access: ['synchronize', 'readControl'] });
    expect(handle.closed).toBe(false);
    expectThrow(() => open(name), AccessDeniedError, { ...denied, objectName: name });
    expectThrow(() => open(name, { access: ['synchronize', 'modifyState'] }), AccessDeniedError, denied);
  });

  // Wine holds a timer's descriptor against its maker already, where Windows gives makers the rights that they ask for.
  test.runIf(HAS_SECURITY_DESCRIPTORS).each([MUTEX, SEMAPHORE, EVENT])('of a $kind may be nobody of us, but who made it', kind => {
    for (const security of [SYSTEM_ONLY, NOBODY]) {
      const name = uniqueName();
      using object = kind.create(name, { security });
      expect(object.waitSync(0).status).toBe('signaled');
      if (object instanceof Mutex) object.release();
      const refused = { ...denied, objectName: name, mentions: [name, kind.kind] };
      expectThrow(() => kind.open(name), AccessDeniedError, { ...refused, syscall: kind.openFunction });
      expectThrow(() => kind.tryOpen(name), AccessDeniedError, { ...refused, syscall: kind.openFunction });
      expectThrow(() => kind.create(name), AccessDeniedError, { ...refused, syscall: kind.createFunction });
    }
  });

  test.runIf(HAS_SECURITY_DESCRIPTORS)('is settled by who creates the object first', () => {
    const name = uniqueName();
    using first = Event.create(name, { security: 'everyone', access: ['allAccess'] });
    using second = Event.create(name, { security: NOBODY });
    using third = Event.open(name);
    expect(trustees(first.handle)).toContain('WD');
    expect([second.createdNew, third.createdNew]).toEqual([false, false]);
  });

  test.runIf(HAS_SECURITY_DESCRIPTORS)('can be said of unnamed objects too', () => {
    using object = Mutex.create(undefined, { security: SYSTEM_ONLY, access: ['readControl'] });
    expect(trustees(object.handle)).toEqual(['SY']);
  });

  test.each(['nobody', 'D:(A;;GA;;;', 'D:P(X;;GA;;;WD)', 'user ', 'Everyone', ...(HAS_SECURITY_DESCRIPTORS ? [] : [NOBODY, SYSTEM_ONLY])])('is refused as malformed: %j', security => {
    const name = uniqueName();
    for (const { create, tryOpen } of KINDS) {
      expectThrow(() => create(name, { security }), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: ['security', HAS_SECURITY_DESCRIPTORS ? 'SDDL' : "'everyone'"] });
      expect(tryOpen(name)).toBeUndefined();
    }
  });

  test.each(['', 'D:P\0(A;;GA;;;WD)'])('is refused before any system call: %j', security => {
    expectThrow(() => Mutex.create(undefined, { security }), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: ['security', JSON.stringify(security)] });
  });

  test.each([null, 7, {}, ['user']])('is refused as no text: %j', security => {
    expectThrow(() => Mutex.create(undefined, { security: untyped(security) }), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['security', "'user'", "'everyone'"] });
  });

  describe.each(PEER_KINDS)('as a peer of kind %s meets it', peerKind => {
    const actor = useActor(peerKind);

    // On Linux names in Global\ alone may be for everyone, whose file the C program does not know: see `test/kernel-linux/users.test.ts`.
    test.each(HAS_SECURITY_DESCRIPTORS ? ['user', 'everyone'] : ['user'])('it may open what is for %s', async security => {
      const name = uniqueName();
      using event = Event.create(name, { security });
      await (await actor().open('event', name)).set();
      expect(event.waitSync(0).status).toBe('signaled');
    });

    test.runIf(HAS_SECURITY_DESCRIPTORS)('it may neither open nor create what is for the system alone', async () => {
      const name = uniqueName();
      using event = Event.create(name, { security: SYSTEM_ONLY });
      await expect(actor().open('event', name)).rejects.toMatchObject({ errno: 5 });
      await expect(actor().create('event', name)).rejects.toMatchObject({ errno: 5 });
      expect(event.closed).toBe(false);
    });
  });
});
