import { describe, expect, test } from 'vitest';
import { Event, fromHandle, NotFoundError, Process, waitAllSync, waitAnySync } from 'waitable';
import { HELPER32, HELPER64, PEER_KINDS, startActor } from '../support/actor.js';
import { expectResult } from '../support/expect-result.js';
import { expectThrow } from '../support/expect-throw.js';
import { PATIENCE } from '../support/patience.js';
import { PROCESS_IDS_ARE_MULTIPLES_OF_4 } from '../support/rows.js';

/** Divisible by 4, as the ids of processes are; so high that nobody has it. */
const NOBODY = 0xfffffffc;

describe('a process', () => {
  test('is not signalled while it runs, this one for example', () => {
    using process_ = Process.open(process.pid);
    expect(process_).toMatchObject({ kind: 'process', name: undefined, createdNew: false });
    expect(process_.waitSync(0).status).toBe('timeout');
  });

  test.each([
    ...PEER_KINDS.filter(kind => kind !== 'thread').map(kind => ({ kind, end: 'kill' } as const)),
    { kind: HELPER32, end: 'exit' },
    { kind: HELPER64, end: 'die' },
  ] as const)('of a peer of kind $kind is signalled for good once that has ended ($end)', async ({ kind, end }) => {
    using unset = Event.create();
    using free = Event.create(undefined, { manualReset: true, initialState: true });
    const actor = await startActor(kind);
    using first = Process.open(actor.peer.processId);
    using second = Process.open(actor.peer.processId);
    expectResult(first.waitSync(0), { status: 'timeout', index: -1, object: undefined });

    await actor.peer[end]();

    expectResult(first.waitSync(PATIENCE), { status: 'signaled', index: 0, object: first });
    expect(first.waitSync(0).status).toBe('signaled');
    expectResult(waitAnySync([unset, second], 0), { status: 'signaled', index: 1, object: second });
    expect(waitAllSync([free, second], 0).status).toBe('signaled');
  });

  test('is one object, however often it is opened', () => {
    using first = Process.open(process.pid);
    using second = Process.open(process.pid);
    using third = fromHandle(Process, first.handle);
    for (const pair of [[first, second], [third, second]]) expect(() => waitAllSync(pair, 0)).toThrow('each object once');
    expect(waitAnySync([first, second, third], 0).status).toBe('timeout');
  });

  test('that does not exist is not found', () => {
    expectThrow(() => Process.open(NOBODY), NotFoundError, { syscall: 'OpenProcess', mentions: [NOBODY] });
    expect(Process.tryOpen(NOBODY)).toBeUndefined();
  });

  test.runIf(PROCESS_IDS_ARE_MULTIPLES_OF_4)('is found by its exact id only', () => {
    for (const offset of [1, 2, 3]) expect(Process.tryOpen(process.pid + offset)).toBeUndefined();
  });
});
