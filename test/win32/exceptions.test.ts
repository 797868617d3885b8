import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('a function of Windows may raise an exception and handle it itself', () => {
  const program = fileURLToPath(new URL('fixtures/exception-in-call.js', import.meta.url));
  const { status, signal } = spawnSync(process.execPath, [program], { stdio: 'ignore' });
  expect({ status, signal }).toEqual({ status: 0, signal: null });
});
