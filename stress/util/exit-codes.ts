/** What a stress run's process says by its exit code. */
export const EXIT = { passed: 0, failed: 1, couldNotRun: 2, interrupted: 3 } as const;

const MILDEST_FIRST: readonly number[] = [EXIT.passed, EXIT.interrupted, EXIT.couldNotRun, EXIT.failed];

/** Of several runs, the one to be heard of: a broken invariant is hidden by nothing but an end that nobody has foreseen. */
export function worstOf(exitCodes: readonly number[]): number {
  return exitCodes.reduce((worst, each) => severity(each) > severity(worst) ? each : worst, EXIT.passed);
}

function severity(exitCode: number): number {
  const index = MILDEST_FIRST.indexOf(exitCode);
  return index < 0 ? MILDEST_FIRST.length : index;
}
