import { expect, test } from 'vitest';
import { makeProject, outputOf, type Outcome } from './support/project.js';

/** As README says. */
const SET = { NODE_OPTIONS: '--experimental-vm-modules' };

/** The second acquire goes through a wait thread. */
const testFile = (load: string) => `
  test('it waits', async () => {
    const { Mutex } = ${load};
    const mutex = Mutex.create();
    const lock = await mutex.acquire();
    const second = mutex.acquire();
    lock.release();
    (await second).release();
    mutex.close();
  });
`;

/** Jest without any configuration, in a CommonJS package. */
async function jest(load: string, env: Readonly<Record<string, string>>): Promise<Outcome> {
  const files = { 'main.test.js': testFile(load) };
  await using project = makeProject({ packageJson: { type: 'commonjs' }, packages: ['jest'], files });
  return await project.command('jest', [], { env });
}

test('Jest without a configuration: with the variable that README names, a test file imports the library', async () => {
  outputOf(await jest(`await import('waitable')`, SET));
});

test('Jest with that variable: from Node 24.9 on a test file requires the library, and before is told so', async () => {
  const { code, stderr } = await jest(`require('waitable')`, SET);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) expect(code, stderr).toBe(0);
  else expect(stderr).toContain('Use Node v24.9+ where Jest supports require(esm)');
});

test.each([`await import('waitable')`, `require('waitable')`])(
  'Jest without that variable loads no ES module by %s, so that README has to name it',
  async load => {
    const { code, stderr } = await jest(load, {});
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/experimental-vm-modules|Must use import to load ES Module/);
  },
);
