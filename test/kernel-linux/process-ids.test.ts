import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Process, waitAllSync, waitAny } from 'waitable';
import { clientPlace, objectPlace } from '../../src/kernel/linux/file/layout.js';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

/** The system gives the id after this one to the next process, if nobody has it. */
const LAST_ID = '/proc/sys/kernel/ns_last_pid';
const ATTEMPTS = 500;

const CAN_CHOOSE_IDS = mayWrite(LAST_ID);

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    writeFileSync(path, '300', { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

/** Others on this machine start processes too, so it may take more than one attempt. */
async function startWithId<Started extends { readonly child: ChildProcess }>(id: number | undefined, start: () => Started): Promise<Started> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    writeFileSync(LAST_ID, String((id ?? 0) - 1));
    const started = start();
    if (started.child.pid === id) return started;
    started.child.kill('SIGKILL');
    await once(started.child, 'exit');
  }
  throw new Error(`the id ${id} was not to be had`);
}

function sleeper(): { readonly child: ChildProcess } {
  return { child: spawn('sleep', ['1000'], { stdio: 'ignore' }) };
}

async function end({ child }: { readonly child: ChildProcess }): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

describe.runIf(CAN_CHOOSE_IDS)('a process that has the id of one that has ended', () => {
  test('is another one, in whatever wait the two are', async () => {
    const first = sleeper();
    using old = Process.open(first.child.pid ?? 0);
    await end(first);
    const second = await startWithId(first.child.pid, sleeper);
    using fresh = Process.open(second.child.pid ?? 0);
    using again = Process.open(second.child.pid ?? 0);

    expect(old.waitSync(0).status).toBe('signaled');
    expect(fresh.waitSync(0).status).toBe('timeout');
    const pending = fresh.wait({ timeout: PATIENCE });
    expect((await old.wait({ timeout: PATIENCE })).status).toBe('signaled');
    expect((await waitAny([fresh, old], { timeout: PATIENCE })).object).toBe(old);
    expect(waitAllSync([old, fresh], 0).status).toBe('timeout');
    expect(() => waitAllSync([fresh, again], 0)).toThrow(TypeError);

    await end(second);
    expect((await pending).status).toBe('signaled');
    expect(waitAllSync([old, fresh], 0).status).toBe('signaled');
  });

  test('keeps its own descriptors when it closes what the other one had open', async () => {
    const folder = makeFolder();
    const witness = new Program(folder);
    await witness.run("kept.mutex = Mutex.create('m');"); // the files stay as they are
    const first = new Program(folder);
    const descriptors = await first.run(`
      const { readdirSync, readlinkSync } = await import('node:fs');
      kept.processes = Array.from({ length: 20 }, () => Process.open(process.pid));
      return readdirSync('/proc/self/fd').map(Number).filter(fd => { try { return readlinkSync('/proc/self/fd/' + fd).includes('pidfd'); } catch { return false; } });
    `) as number[];
    expect(descriptors.length).toBeGreaterThanOrEqual(20);
    await end(first);
    const second = await startWithId(first.child.pid, () => new Program(folder));
    const lost = await second.run(`
      const { openSync, fstatSync } = await import('node:fs');
      const mine = Array.from({ length: ${Math.max(...descriptors) + 1} }, () => openSync('/dev/null', 'r'));
      kept.mutex = Mutex.open('m'); // as it joins, it closes what the dead had open
      return mine.filter(fd => { try { fstatSync(fd); return false; } catch { return true; } });
    `);
    expect(lost).toEqual([]);
  });

  test('owns nothing of what the other one left, though the kernel has not marked it', async () => {
    const folder = makeFolder();
    const witness = new Program(folder);
    await witness.run("kept.mutex = Mutex.create('m');");
    const first = new Program(folder);
    await first.run("kept.mutex = Mutex.open('m'); kept.mutex.waitSync(); kept.event = Event.create('its own');");
    const words = new Words(objectsFile(folder));
    const [mutex, life] = [objectPlace(1), clientPlace(1)];
    const { pid } = first.child;
    expect([words.get(mutex), words.get(life)]).toEqual([pid, pid]);
    await end(first);
    const second = await startWithId(pid, () => {
      for (const place of [mutex, life]) words.set(place, pid ?? 0);
      return new Program(folder);
    });
    expect(await second.run("return [Event.create('its own').createdNew, Mutex.open('m').waitSync(0).status]")).toEqual([true, 'abandoned']);
  });
});
