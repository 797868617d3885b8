import { expect, test } from 'vitest';
import { EXIT } from '../../../stress/util/exit-codes.js';
import { runOnMachines } from '../../../stress/machine/run-on-machines.js';

test('no machine is prepared for a run that was interrupted before', async () => {
  const outcome = await runOnMachines(() => Promise.reject(new Error('it runs')), { kernel: 'linux', signal: AbortSignal.abort() });
  expect(outcome).toEqual({
    exitCode: EXIT.interrupted,
    notRun: ['not run: the Linux kernel, natively: the run was interrupted', 'not run: Win32, under Wine: --kernel linux was asked for'],
  });
});

test('the next machine has no turn after an interruption, and what broke before it is what the exit code says', async () => {
  const interruption = new AbortController();
  const kernels: string[] = [];
  const { exitCode, notRun } = await runOnMachines(({ kernel }) => {
    kernels.push(kernel);
    interruption.abort();
    return EXIT.failed;
  }, { signal: interruption.signal });
  expect(kernels).toEqual(['linux']);
  expect(exitCode).toBe(EXIT.failed);
  expect(notRun.some(line => line.startsWith('not run: Win32, under Wine: '))).toBe(true);
});
