import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, Program } from './support.js';

const ROOT = process.geteuid?.() === 0;
const ATTACKER = 65_534;
const SOMEBODY = 65_533;

/** To see a seed again: in the environment, the first one; and how many of them, for a long run. */
const SEED = Number(process.env['WAITABLE_TEST_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['WAITABLE_TEST_ROUNDS'] ?? 1);

const BURSTS = [1, 3, 10, 30, 100] as const;
/** Of a victim, between two answers, for which there is a limit of time. */
const TURNS = 40;
const WORKS = 5;
/** In ms. */
const STORM = 1000;

function imported(module: string, ...names: string[]): string {
  return `const module = await import(${JSON.stringify(new URL(`hostile/${module}.js`, import.meta.url).href)}); for (const name of ${JSON.stringify(names)}) scope[name] = module[name];`;
}

function as(user: number): string {
  return `process.setgid(${user}); process.setuid(${user});`;
}

function idOf({ child: { pid = 0 } }: Program): number {
  return pid;
}

/** Where the files for everyone are, and what else is there. */
class Ground {
  readonly folder = makeFolder();
  readonly everyones = join(this.folder, 'waitable-everyone');

  constructor() {
    chmodSync(this.folder, 0o1777);
  }

  victim(script = ''): Program {
    return new Program(this.folder, `${imported('victim', 'Victim')} ${script}`);
  }

  /** @param threads - The ids of others who use the files. */
  async attacker(threads: readonly number[]): Promise<Program> {
    const program = new Program(this.folder, `${imported('attack', 'Attack')} ${as(ATTACKER)}`);
    await program.run(`kept.attack = new Attack(${JSON.stringify(join(this.everyones, 'objects'))}, { threads: [process.pid, 1, ...${JSON.stringify(threads)}] });`);
    return program;
  }
}

const EVERYONE = "{ security: 'everyone' }";
const CREATE = `kept.mutex = Mutex.create('Global\\\\mutex', ${EVERYONE});`;

describe.runIf(ROOT)('objects for everyone, into whose memory another user writes (as root alone: it takes three users)', () => {
  test.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round * 1000))('give answers and errors, and nothing else of a program is touched: seed %i', { timeout: 180_000 }, async seed => {
    console.info(`seed ${seed}`);
    const ground = new Ground();
    const victims = [ground.victim(), ground.victim(as(SOMEBODY))] as const;
    const [root, somebody] = victims;
    await root.run(`kept.victim = new Victim(${idOf(somebody)}); await kept.victim.begin();`);
    await somebody.run(`kept.victim = new Victim(${idOf(root)}); await kept.victim.begin();`);
    const files = ['notes', 'section-of-mine', 'objects-of-mine'].map(name => join(ground.everyones, name));
    for (const file of files) writeFileSync(file, '');

    const attacker = await ground.attacker(victims.map(idOf));
    for (const [index, count] of BURSTS.entries()) {
      await attacker.run(`kept.attack.burst(${seed + index}, ${count})`);
      for (const victim of victims) expect(await victim.run(`return kept.victim.work(${seed + index}, ${TURNS})`), `seed ${seed}, ${count} words`).toEqual([]);
    }
    const storm = attacker.run(`return kept.attack.storm(${seed}, ${STORM})`);
    await Promise.all(victims.map(async victim => {
      for (let work = 0; work < WORKS; work++) expect(await victim.run(`return kept.victim.work(${seed + work}, ${TURNS})`), `seed ${seed}, storm`).toEqual([]);
    }));
    await storm;
    for (const file of files) expect(existsSync(file), file).toBe(true);

    await attacker.kill();
    // Of what is this user's own, its owner's death is known.
    const heir = new Program(ground.folder);
    await heir.run("kept.held = Mutex.open('own held');");
    await root.kill();
    expect(await heir.run(`return kept.held.waitSync(${PATIENCE}).status`)).toBe('abandoned');
    await somebody.kill();
    expect(await heir.run(`${CREATE} return kept.mutex.waitSync(0).status`)).toBe('signaled');
  });

  test('keep nobody waiting for ever when he keeps their names: what needs those is refused, handles are closed, and a user\'s own names go on', async () => {
    const ground = new Ground();
    const program = new Program(ground.folder);
    await program.run(`${CREATE} kept.timer = Timer.create('Global\\\\timer', ${EVERYONE}); kept.timer.set(0); kept.event = Event.create('Global\\\\event', { initialState: true, security: 'everyone' });`);
    const attacker = await ground.attacker([]);
    await attacker.run('kept.attack.keepNames()');
    for (const code of ['kept.timer.set(0)', 'kept.timer.cancel()', 'waitAllSync([kept.mutex, kept.event])', CREATE, 'fromHandle(Mutex, kept.mutex.handle)']) {
      expect(await program.failure(code), code).toMatchObject({ code: 'ERROR_LOCK_VIOLATION', isSyncError: true });
    }
    // What has a time-out, has it here too. The timer is due, and cannot be taken.
    expect(await program.run('return waitAllSync([kept.mutex, kept.event], 0).status')).toBe('timeout');
    expect(await program.run('return [kept.timer.waitSync(0).status, (await kept.timer.wait({ timeout: 1 })).status]')).toEqual(['timeout', 'timeout']);
    expect(await program.run('return [kept.event.waitSync(0).status, kept.mutex.waitSync(0).status, kept.mutex.release()]')).toEqual(['signaled', 'signaled', null]);
    expect(await program.run("kept.event.close(); kept.own = Mutex.create('own'); return kept.own.waitSync(0).status")).toBe('signaled');
    await attacker.kill();
    expect(await program.run(`return Mutex.create('Global\\\\mutex', ${EVERYONE}).createdNew`)).toBe(false);
    expect(await program.run('return waitAllSync([kept.mutex, kept.timer], 0).status')).toBe('signaled');
  });
});
