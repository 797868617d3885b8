import { describe, expect, test } from 'vitest';
import { EXIT, worstOf } from '../../../stress/util/exit-codes.js';

const { passed, failed, couldNotRun, interrupted } = EXIT;

describe('of the exit codes of several runs', () => {
  test.each([
    [[], passed],
    [[passed, passed], passed],
    [[interrupted, passed], interrupted],
    [[interrupted, couldNotRun], couldNotRun],
    [[failed, interrupted], failed],
    [[interrupted, failed, couldNotRun], failed],
    [[failed, 139], 139],
  ])('%j the one to be heard of is %i', (codes, worst) => {
    expect(worstOf(codes)).toBe(worst);
  });
});
