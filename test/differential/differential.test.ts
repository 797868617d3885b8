import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check, CHECK_TIMEOUT } from './check.js';
import { Crew } from './crew.js';
import { Model } from './model.js';
import { ModelEvent, ModelMutex, ModelSemaphore, SPECIFIED, type Kinds, type Owner } from './objects.js';
import { blockingPrograms, sequentialPrograms } from './programs.js';

let crew: Crew;
beforeAll(() => {
  crew = new Crew();
});
afterAll(() => crew.leave());

/** Whatever the kernel: through the one model, all of them are compared with each other. */
describe('random programs have the outcomes that the contract gives them', () => {
  test.each([
    { programs: 'that never block', arbitrary: sequentialPrograms },
    { programs: 'in which actors block and are let go', arbitrary: blockingPrograms },
  ])('programs $programs', { timeout: CHECK_TIMEOUT }, async ({ arbitrary }) => {
    const found = await check(arbitrary, () => new Model(), () => crew.world());
    if (found !== undefined) throw new Error(found.report);
  });
});

class ForgetsItsMaximum extends ModelSemaphore {
  protected override maximum = Infinity;
}

class SwallowsAbandonment extends ModelMutex {
  override forget(actor: Owner): void {
    super.forget(actor);
    this.abandoned = false;
  }
}

class TellsOfAbandonmentTwice extends ModelMutex {
  override take(actor: Owner): boolean {
    const { abandoned } = this;
    super.take(actor);
    this.abandoned = abandoned;
    return abandoned;
  }
}

class StaysSet extends ModelEvent {
  override take(): boolean {
    return false;
  }
}

/** Each of these differs from every kernel; the shortest program that shows it has this many steps. */
const MISTAKES: readonly { readonly mistake: string; readonly kinds: Partial<Kinds> }[] = [
  { mistake: 'forgets the maximum of a semaphore', kinds: { semaphore: ForgetsItsMaximum } },
  { mistake: 'swallows the abandonment of a mutex', kinds: { mutex: SwallowsAbandonment } },
  { mistake: 'tells of an abandonment twice', kinds: { mutex: TellsOfAbandonmentTwice } },
  { mistake: 'lets two waits have one set of an auto-reset event', kinds: { event: StaysSet } },
];

describe('negative control: a difference is found, and shrunk to what shows it', () => {
  test.each(MISTAKES)('a model that $mistake', { timeout: CHECK_TIMEOUT }, async ({ kinds }) => {
    const found = await check(sequentialPrograms, () => new Model({ ...SPECIFIED, ...kinds }), () => crew.world());
    expect(found?.report).toContain('<- differs');
    expect(found?.difference.steps).toBeLessThanOrEqual(6);
  });
});
