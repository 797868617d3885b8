import { describe, expect, test } from 'vitest';
import { Semaphore } from 'waitable';
import { PEER_KINDS, startActor, useActor, type Actor } from '../support/actor.js';
import { EVENT, KINDS, MUTEX, SEMAPHORE } from '../support/kinds.js';
import { uniqueName } from '../support/names.js';
import { TERMINATED_THREADS_CLOSE, TERMINATION_IS_AWAITED } from '../support/rows.js';

/** The ways in which a peer ends. */
const ENDS: readonly { readonly how: string; readonly ofThreads: boolean; readonly end: (actor: Actor) => Promise<void> }[] = [
  { how: 'ends in order', ofThreads: true, end: ({ peer }) => peer.exit() },
  { how: 'ends from inside at once', ofThreads: true, end: ({ peer }) => peer.die() },
  { how: 'is killed', ofThreads: TERMINATED_THREADS_CLOSE && TERMINATION_IS_AWAITED, end: ({ peer }) => peer.kill() },
];

/** The kinds that peers can create. */
const REMOTE_KINDS = [MUTEX, SEMAPHORE, EVENT] as const;

describe('rule 3: a name lives while some process has the object open', () => {
  test.each(KINDS)('and is gone when the last handle of a $kind closes', ({ create, open, tryOpen }) => {
    const name = uniqueName();
    const first = create(name);
    const second = open(name);
    first.close();
    using third = open(name);
    expect(third.createdNew).toBe(false);
    second.close();
    third.close();
    expect(tryOpen(name)).toBeUndefined();
    using fresh = create(name);
    expect(fresh.createdNew).toBe(true);
  });

  test('and belongs to any kind afterwards', () => {
    const name = uniqueName();
    for (const { create } of [...KINDS, ...KINDS]) {
      using object = create(name);
      expect(object.createdNew).toBe(true);
    }
  });

  test('with fresh state, once it has been gone', () => {
    const name = uniqueName();
    Semaphore.create(name, { initialCount: 1, maximumCount: 1 }).close();
    using fresh = Semaphore.create(name, { initialCount: 3, maximumCount: 5 });
    expect(fresh.release()).toBe(3);
  });

  describe.each(PEER_KINDS)('and a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    for (const { how, end } of ENDS.filter(({ ofThreads }) => ofThreads || peerKind !== 'thread')) {
      test(`that ${how} takes with it the names that only it has open, and leaves the others as they stand`, async () => {
        const dying = await startActor(peerKind);
        const names = { mutex: uniqueName(), semaphore: uniqueName(), event: uniqueName() };
        await dying.createMutex(names.mutex, { initiallyOwned: true });
        await dying.create('semaphore', names.semaphore);
        await dying.create('event', names.event);
        for (const { kind, open } of REMOTE_KINDS) open(names[kind]).close();
        const shared = uniqueName();
        const remote = await dying.createSemaphore(shared, { initialCount: 3, maximumCount: 9 });
        using semaphore = Semaphore.open(shared);
        await remote.release(2);

        await end(dying);

        for (const { kind, tryOpen, create } of REMOTE_KINDS) {
          expect(tryOpen(names[kind])).toBeUndefined();
          using fresh = create(names[kind]);
          expect(fresh.createdNew).toBe(true);
        }
        using again = Semaphore.create(shared, { initialCount: 0, maximumCount: 1 });
        expect(again.createdNew).toBe(false);
        expect(semaphore.release()).toBe(5);
      });
    }

    test('that closes its last handle gives the name up while it lives on', async () => {
      const name = uniqueName();
      const remote = await actor().create('event', name);
      await remote.close();
      using semaphore = Semaphore.create(name, { initialCount: 0, maximumCount: 1 });
      expect(semaphore.createdNew).toBe(true);
    });
  });
});
