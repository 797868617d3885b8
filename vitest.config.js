import { defineConfig } from 'vitest/config';

// The tests are built before they run: tests, worker threads and child processes all use the same files, under dist.
const CONFORMANCE = 'dist/test/conformance/**/*.test.js';

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
          exclude: ['dist/test/no-external-buffers/**'],
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
    ],
  },
});
