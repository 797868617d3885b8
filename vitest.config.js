import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// The tests are built before they run: tests, worker threads and child processes all use the same files, under dist.
const CONFORMANCE = 'dist/test/conformance/**/*.test.js';

const ON_LINUX = process.platform === 'linux';
/**
 * Tests of what only Windows has; or of what only Linux has: its files, its futexes, and signals that kill. On Windows, and in a Windows Node under Wine, not even
 * their modules could be loaded. And tests of other people's projects, which come to the same there.
 */
const NOT_HERE = ON_LINUX ? ['dist/test/win32/**'] : [
  'dist/test/kernel-linux/**',
  'dist/test/environments/**',
  'dist/test/package/package.test.js',
  'dist/test/stress/cli/*-command.test.js',
  'dist/test/stress/machine/{c-header,run-on-machines}.test.js',
  'dist/test/stress/reporters/page.test.js',
];

export default defineConfig({
  // Under Wine the project is staged: its dist is a symbolic link beside node_modules for Windows, which must be the ones found.
  resolve: { preserveSymlinks: true },
  test: {
    pool: 'forks',
    execArgv: ['--expose-gc'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'conformance+unit',
          include: ['dist/test/**/*.test.js'],
          exclude: ['dist/test/no-external-buffers/**', ...NOT_HERE],
        },
      },
      {
        // As in Electron: everything but shared memory has to work all the same. That concerns this process, so that the cheaper kinds of peers do.
        extends: true,
        test: {
          name: 'no external buffers',
          include: [CONFORMANCE, 'dist/test/no-external-buffers/**/*.test.js'],
          exclude: ['dist/test/conformance/shared-memory/**'],
          env: { WAITABLE_TEST_PEERS: 'thread helper32 helper64' },
          setupFiles: ['dist/test/no-external-buffers/setup.js'],
        },
      },
      {
        // As before Linux 5.16, and where a filter of system calls denies it: waits on many objects sleep on one word for all of them.
        extends: true,
        test: {
          name: 'no futex_waitv',
          include: ON_LINUX ? ['wait-*', 'signal-and-wait', 'timer', 'mutex'].map(file => `dist/test/conformance/${file}.test.js`) : [],
          setupFiles: ['dist/test/kernel-linux/no-futex-waitv.js'],
          env: { WAITABLE_WAIT_THREAD: resolve('dist/test/kernel-linux/no-futex-waitv-thread.js') },
        },
      },
    ],
  },
});
