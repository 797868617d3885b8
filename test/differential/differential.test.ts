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

class StaysSet extends ModelEvent {
  override take(): boolean {
    return false;
  }
}

/** Each of these differs from every kernel. The seed is one that comes upon it with few deaths of actors, which are what takes time. */
const MISTAKES: readonly { readonly mistake: string; readonly kinds: Partial<Kinds>; readonly seed: number }[] = [
  { mistake: 'forgets the maximum of a semaphore', kinds: { semaphore: ForgetsItsMaximum }, seed: 18 },
  { mistake: 'swallows the abandonment of a mutex', kinds: { mutex: SwallowsAbandonment }, seed: 51 },
  { mistake: 'lets two waits have one set of an auto-reset event', kinds: { event: StaysSet }, seed: 21 },
];

describe('negative control: a difference is found, and shrunk to what shows it', () => {
  test.each(MISTAKES)('a model that $mistake', { timeout: CHECK_TIMEOUT }, async ({ kinds, seed }) => {
    const found = await check(sequentialPrograms, () => new Model({ ...SPECIFIED, ...kinds }), () => crew.world(), { seed });
    expect(found?.report).toContain('<- differs');
    expect(found?.difference.steps).toBeLessThanOrEqual(6);
  });
});
