import { describe, expect, test } from 'vitest';
import { AccessDeniedError, ClosedError, Event, KindMismatchError, Mutex, NotOwnerError, Process, Semaphore, SyncError, UnsupportedPlatformError } from 'waitable';
import { describeHandle, duplicateFrom, duplicateTo, fromHandle32, toHandle32 } from 'waitable/bitness';
import { HELPER32, PEER_KINDS, startActor, useActor } from '../../support/actor.js';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { inheritance } from '../../support/foreign.js';
import { KINDS } from '../../support/kinds.js';
import { uniqueName } from '../../support/names.js';
import { INHERITABLE, PROCESS_IDS_ARE_MULTIPLES_OF_4, PROCESS_HANDLES_GO_TO_OTHER_PROCESSES } from '../../support/rows.js';

/** No process has it: ids are multiples of 4 on Windows, and far lower on Linux. */
const NOBODY = 0x7ffffffc;

describe.each(PEER_KINDS.filter(kind => kind !== 'thread'))('between this process and a peer of kind %s', peerKind => {
  const actor = useActor(peerKind);

  test('a handle put there is the same object', async () => {
    await actor().create('event', uniqueName()); // on Linux it takes part from then on
    using peer = Process.open(actor().peer.processId);
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 5 });
    const theirMutex = await actor().adopt('mutex', fromHandle32(toHandle32(duplicateTo(peer, mutex))));
    const theirSemaphore = await actor().adopt('semaphore', duplicateTo(peer.handle === 0 ? 1 : actor().peer.processId, semaphore));
    expect(await theirMutex.wait(0)).toMatchObject({ status: 'timeout' });
    mutex.release();
    expect(await theirMutex.wait(0)).toMatchObject({ status: 'signaled' });
    expect(() => mutex.release()).toThrow(NotOwnerError);
    await theirMutex.release();
    await theirSemaphore.release(4);
    expect(semaphore.release()).toBe(4);
  });

  test('a handle taken from there is the same object, and lives on when the other one is closed', async () => {
    const theirs = await actor().create('event', uniqueName());
    const [value = ''] = await actor().send('handle', theirs.slot);
    using event = duplicateFrom(Event, actor().peer.processId, fromHandle32(Number(value)));
    expect(event.waitSync(0).status).toBe('signaled');
    event.set();
    expect(await theirs.wait(0)).toMatchObject({ status: 'signaled' });
    await theirs.close();
    event.set();
    expect(event.waitSync(0).status).toBe('signaled');
    expectThrow(() => duplicateFrom(Event, actor().peer.processId, 0x7ffffff0), SyncError, { code: 'ERROR_INVALID_HANDLE', syscall: 'DuplicateHandle' });
  });

  test('a handle of another kind is not taken', async () => {
    const theirs = await actor().create('semaphore', uniqueName());
    const [value = ''] = await actor().send('handle', theirs.slot);
    expectThrow(() => duplicateFrom(Mutex, actor().peer.processId, Number(value)), KindMismatchError, { mentions: ['semaphore', 'mutex'] });
  });

  test('it may have fewer rights, and none that were not there', async () => {
    await actor().create('event', uniqueName());
    using event = Event.create();
    const waiting = await actor().adopt('event', duplicateTo(actor().peer.processId, event, { access: ['synchronize'] }));
    await expect(waiting.set()).rejects.toThrow(/5/);
    event.set();
    expect(await waiting.wait(0)).toMatchObject({ status: 'signaled' });
  });
});

test('what a process was given dies with it', async () => {
  const name = uniqueName();
  const actor = await startActor(HELPER32);
  await actor.create('event', uniqueName());
  const event = Event.create(name);
  duplicateTo(actor.peer.processId, event);
  event.close();
  Event.open(name).close();
  await actor.peer.kill();
  expect(Event.tryOpen(name)).toBeUndefined();
});

describe('a handle is described', () => {
  test.each(KINDS)('by its kind, $kind, its rights and who inherits it', ({ kind, create }) => {
    using plain = create();
    using inheritable = create(undefined, { inheritable: true, access: ['synchronize'] });
    expect(describeHandle(plain.handle)).toEqual({ kind, rights: expect.arrayContaining(['synchronize', 'modifyState']) as unknown, accessMask: kind === 'mutex' ? 0x100001 : 0x100002, inheritable: false });
    expect(describeHandle(inheritable.handle)).toEqual({ kind, rights: ['synchronize'], accessMask: 0x100000, inheritable: true });
    expect(inheritance(inheritable.handle)).toBe(INHERITABLE);
  });

  test('of a process too', () => {
    using self = Process.open(process.pid);
    expect(describeHandle(self.handle)).toMatchObject({ kind: 'process', rights: [], inheritable: false });
  });

  test('unless it refers to nothing', () => {
    const event = Event.create();
    const { handle } = event;
    event.close();
    expectThrow(() => describeHandle(handle), SyncError, { code: 'ERROR_INVALID_HANDLE' });
  });
});

describe('it is refused', () => {
  test('to give to nobody, or to take from nobody', () => {
    using event = Event.create();
    expectThrow(() => duplicateTo(NOBODY, event), SyncError, { code: 'ERROR_INVALID_PARAMETER', errno: 87, syscall: 'OpenProcess' });
    expectThrow(() => duplicateFrom(Event, NOBODY, 8), SyncError, { code: 'ERROR_INVALID_PARAMETER', errno: 87, syscall: 'OpenProcess' });
  });

  test.runIf(PROCESS_IDS_ARE_MULTIPLES_OF_4)('to give to the process whose id the system would make of the number', () => {
    using event = Event.create();
    for (const low of [1, 2, 3]) {
      const refused = { errno: 87, syscall: 'OpenProcess' };
      expectThrow(() => duplicateTo(process.pid + low, event), SyncError, refused);
      expectThrow(() => duplicateFrom(Event, process.pid + low, event.handle), SyncError, refused);
    }
  });

  test('to give rights that the handle has not', () => {
    using event = Event.create(undefined, { access: ['synchronize'] });
    expect(() => duplicateTo(process.pid, event, { access: ['allAccess'] })).toThrow(AccessDeniedError);
  });

  test('to give what is closed', () => {
    const event = Event.create();
    event.close();
    expect(() => duplicateTo(process.pid, event)).toThrow(ClosedError);
  });

  test.runIf(!PROCESS_HANDLES_GO_TO_OTHER_PROCESSES)('to give a process, where that is a file descriptor', () => {
    using self = Process.open(process.pid);
    expectThrow(() => duplicateTo(process.pid, self), UnsupportedPlatformError, { mentions: ['file descriptor'] });
  });

  test.each([
    ['process', ['x', 'event'], TypeError],
    ['process', [0, 'event'], RangeError],
    ['object', [1, 5], TypeError],
    ['access', [1, 'event', { access: [] }], TypeError],
    ['access', [1, 'self', { access: ['synchronize'] }], TypeError],
    ['inheritable', [1, 'event', { inheritable: 1 }], TypeError],
  ] as const)('with a wrong %s', (argument, [target, object, options], ErrorClass) => {
    using event = Event.create();
    using self = Process.open(process.pid);
    const given = object === 'event' ? event : object === 'self' ? self : object;
    expectThrow(() => duplicateTo(untyped(target), untyped(given), untyped(options)), ErrorClass, { mentions: [argument] });
  });

  test('to take what can be no handle, or into no class', () => {
    expectThrow(() => duplicateFrom(Event, process.pid, 0xfffffffe), RangeError, { mentions: ['handle'] });
    expectThrow(() => duplicateFrom(Event, process.pid, 0), RangeError, { mentions: ['handle', 'not 0'] });
    expectThrow(() => duplicateFrom(untyped(Object), process.pid, 8), TypeError, { mentions: ['Kind'] });
  });
});
