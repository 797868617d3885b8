import { describe, expect, test } from 'vitest';
import { Event, waitAllSync, waitAnySync } from 'waitable';
import { PEER_KINDS, useActor, useActors } from '../support/actor.js';
import { expectResult } from '../support/expect-result.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';

describe('rule 7: an auto-reset event', () => {
  test('is unset when it is created, and set with initialState', () => {
    using unset = Event.create();
    using set = Event.create(undefined, { initialState: true });
    expectResult(unset.waitSync(0), { status: 'timeout', index: -1, object: undefined });
    expectResult(set.waitSync(0), { status: 'signaled', index: 0, object: set });
    expect(set.waitSync(0).status).toBe('timeout');
  });

  test('releases one wait for however many sets, unless it was waited for in between', () => {
    using event = Event.create();
    event.set();
    event.set();
    expect(event.waitSync(0).status).toBe('signaled');
    expect(event.waitSync(0).status).toBe('timeout');
    event.set();
    expect(event.waitSync(0).status).toBe('signaled');
  });

  test.each([
    ['waitAnySync', (event: Event) => waitAnySync([event], 0)],
    ['waitAllSync', (event: Event) => waitAllSync([event], 0)],
  ])('is consumed by %s as well', (_name, wait) => {
    using event = Event.create(undefined, { initialState: true });
    expect(wait(event).status).toBe('signaled');
    expect(event.waitSync(0).status).toBe('timeout');
  });

  test('is unset by reset', () => {
    using event = Event.create(undefined, { initialState: true });
    event.reset();
    expect(event.waitSync(0).status).toBe('timeout');
  });

  describe.each(PEER_KINDS)('shared with a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test('goes back and forth, one wait for one set', async () => {
      const [ping, pong] = [uniqueName('ping'), uniqueName('pong')];
      using there = Event.create(ping);
      using back = Event.create(pong);
      const [remoteThere, remoteBack] = [await actor().open('event', ping), await actor().createEvent(pong)];
      for (let turn = 0; turn < 20; turn++) {
        const arrived = remoteThere.wait();
        there.set();
        expect(await arrived).toEqual({ status: 'signaled', index: 0 });
        const sent = remoteBack.set();
        await actor().hasLeft();
        expect(back.waitSync(PATIENCE).status).toBe('signaled');
        await sent;
        expect(there.waitSync(0).status).toBe('timeout');
        expect(back.waitSync(0).status).toBe('timeout');
      }
    });

    test('is reset there as here', async () => {
      const name = uniqueName();
      using event = Event.create(name, { initialState: true });
      const remote = await actor().open('event', name);
      await remote.reset();
      expect(event.waitSync(0).status).toBe('timeout');
      event.set();
      expect(await remote.wait(0)).toMatchObject({ status: 'signaled' });
      expect(await remote.wait(0)).toMatchObject({ status: 'timeout' });
    });
  });

  describe('with waiters of every kind', () => {
    const waiters = useActors(PEER_KINDS);

    test('releases exactly one of them for each set that finds it unset', async () => {
      const [one, all] = [uniqueName('one'), uniqueName('all')];
      using event = Event.create(one);
      using over = Event.create(all, { manualReset: true });
      const released: number[] = [];
      const pending = waiters().map(async waiter => {
        const objects = [await waiter.open('event', one), await waiter.open('event', all)];
        const { index } = await waiter.waitAny(objects);
        released.push(index);
        return index;
      });

      const sets = Math.max(1, PEER_KINDS.length - 2);
      for (let set = 1; set <= sets; set++) {
        event.set();
        await expect.poll(() => released.length, { timeout: PATIENCE }).toBe(set); // so that the next set finds it unset
      }
      over.set();

      const indices = await Promise.all(pending);
      expect(indices.filter(index => index === 0)).toHaveLength(sets);
      expect(event.waitSync(0).status).toBe('timeout');
    });
  });
});

describe('rule 7: a manual-reset event', () => {
  test('releases every wait while it is set, and none after a reset', () => {
    using event = Event.create(undefined, { manualReset: true });
    expect(event.waitSync(0).status).toBe('timeout');
    event.set();
    event.set();
    expect(event.waitSync(0).status).toBe('signaled');
    expect(waitAnySync([event], 0).status).toBe('signaled');
    expect(waitAllSync([event], 0).status).toBe('signaled');
    event.reset();
    event.reset();
    expect(event.waitSync(0).status).toBe('timeout');
  });

  describe('with waiters of every kind', () => {
    const waiters = useActors(PEER_KINDS);

    test('releases all of them, round after round, and whoever comes later', async () => {
      const name = uniqueName();
      using event = Event.create(name, { manualReset: true });
      const remotes = await Promise.all(waiters().map(waiter => waiter.open('event', name)));
      for (let round = 0; round < 5; round++) {
        const pending = remotes.map(remote => remote.wait());
        event.set();
        for (const result of await Promise.all(pending)) expect(result).toEqual({ status: 'signaled', index: 0 });
        expect(event.waitSync(0).status).toBe('signaled');
        event.reset();
        for (const remote of remotes) expect(await remote.wait(0)).toMatchObject({ status: 'timeout' });
      }
    });
  });
});
