import { spawnSync } from 'node:child_process';

/**
 * Goes before a command that starts Windows programs, its own and those that they start in turn: one start in some two thousand failed without ("spawn UNKNOWN", "ShellExecuteEx failed").
 *
 * Wine needs the page at 0x7ffe0000 in each process. Its loader lies at 0x7d000000, and the kernel puts the loader's heap up to 1 GiB behind it at random, now and then onto that page
 * ("failed to map the shared user data: c0000018"). Without randomization the heap begins right behind the loader.
 */
export const steadyAddresses: readonly string[] = isPermitted() ? ['setarch', '--addr-no-randomize'] : [];

/** Containers may forbid it. Starts then fail as seldom as they do, and are tried again where nothing else would tell of it. */
function isPermitted(): boolean {
  return process.platform === 'linux' && spawnSync('setarch', ['--addr-no-randomize', 'true'], { stdio: 'ignore' }).status === 0;
}
