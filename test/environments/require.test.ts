import { expect, test } from 'vitest';
import { makeProject, outputOf } from './support/project.js';

/** Without `using`, which Node 20 and 22 do not know. The second acquire goes through a wait thread. */
const MAIN = `
  const { Mutex } = require('waitable');
  const { SharedMemory } = require('waitable/bitness');

  async function main() {
    const mutex = Mutex.create();
    const lock = await mutex.acquire();
    const second = mutex.acquire();
    lock.release();
    (await second).release();
    mutex.close();
    return SharedMemory.name;
  }

  main().then(console.log);
`;

test('a CommonJS program gets the library, and what waits in it, by require', async () => {
  await using project = makeProject({ packageJson: { type: 'commonjs' }, files: { 'main.js': MAIN } });
  expect(outputOf(await project.node('main.js'))).toBe('SharedMemory\n');
});

test('what a CommonJS program requires and what an ES module imports are the same classes', async () => {
  await using project = makeProject({
    packageJson: { type: 'commonjs' },
    files: { 'main.js': `import('waitable').then(({ Mutex }) => console.log(require('waitable').Mutex === Mutex));` },
  });
  expect(outputOf(await project.node('main.js'))).toBe('true\n');
});
