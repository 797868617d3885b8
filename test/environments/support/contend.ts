/**
 * A program part for projects with several copies of the library in one thread: they contend for one mutex, and tell what has come of it.
 *
 * `contend` gives how many were ever inside at once, whether they were served in the order in which they asked, how many got the mutex, how many learned of an owner's
 * death of which there was one, and how many could not release what they had.
 */
export const CONTEND = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  import { fileURLToPath } from 'node:url';

  const PATIENT = { timeout: 60_000 };
  let failures = 0;

  async function acquireAll(mutexes, count, inside) {
    return await Promise.all(Array.from({ length: count }, async (_, index) => {
      const lock = await mutexes[index % mutexes.length].acquire(PATIENT);
      try {
        await inside(index, lock);
      } finally {
        try {
          lock.release();
        } catch {
          failures++; // somebody else has released it
        }
      }
    }));
  }

  export async function contend(libraries, name, acquires) {
    const mutexes = libraries.map(({ Mutex }) => Mutex.create(name));
    let inside = 0;
    let most = 0;
    const order = [];
    await acquireAll(mutexes, acquires, async index => {
      most = Math.max(most, ++inside);
      order.push(index);
      if (index % 3 === 0) await null;
      if (index % 50 === 0) await new Promise(resolve => setImmediate(resolve));
      inside--;
    });

    const holder = spawn(process.execPath, [fileURLToPath(new URL('holder.mjs', import.meta.url)), name], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    let abandoned = 0;
    const served = acquireAll(mutexes, 20, (_, lock) => {
      if (lock.abandoned) abandoned++;
    });
    holder.kill('SIGKILL');
    await served;
    mutexes.forEach(mutex => mutex.close());
    return { most, inOrder: order.every((index, place) => index === place), acquired: order.length, abandoned, failures };
  }
`;

/** An owner to be killed. */
export const HOLDER = `
  import { Mutex } from 'waitable';
  const mutex = Mutex.open(process.argv[2]);
  mutex.waitSync();
  console.log('held');
  setInterval(() => mutex.name, 1000);
`;

/** What copies that exclude each other come to. */
export function excluding(acquires: number): object {
  return { most: 1, inOrder: true, acquired: acquires, abandoned: 1, failures: 0 };
}
