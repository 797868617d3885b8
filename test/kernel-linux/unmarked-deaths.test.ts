import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CLIENT, CLIENT_CAPACITY, clientPlace, HOLDER_BITS, OBJECT, objectPlace } from '../../src/kernel/linux/file/layout.js';
import { WAIT_ABANDONED_0 } from '../../src/kernel/status.js';
import { canStart } from '../../stress/peers/peer-kind.js';
import { Peer } from '../../stress/peers/peer.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

/** The first object of a folder. */
const MUTEX = objectPlace(1);

/** The fields of `/proc/<id>/stat` behind the name: the state, …, and when the thread began. */
function statOf(thread: number): string[] {
  const text = readFileSync(`/proc/${thread}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** A process that lives, and one that has ended and that its parent, which is the first one, does not collect. */
async function sleeperAndZombie(): Promise<{ sleeper: number; zombie: number }> {
  const { pid: sleeper = 0, stdout } = startParent();
  const zombie = await new Promise<number>(resolve => createInterface({ input: stdout }).once('line', line => resolve(Number(line))));
  // A shell would collect it.
  while (readFileSync(`/proc/${sleeper}/comm`, 'latin1') !== 'sleep\n') await new Promise(setImmediate);
  process.kill(zombie, 'SIGKILL');
  while (statOf(zombie)[0] !== 'Z') await new Promise(setImmediate);
  return { sleeper, zombie };
}

function startParent(): ChildProcessByStdio<null, Readable, null> {
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  return parent;
}

/** What the shared file has of a thread that has ended: its id, and when it began. */
interface Left {
  readonly id: number;
  readonly start: number;
}

/** What the system says of the id of a thread that has ended. Each gives what the shared file is to have of it; gets a process that takes part, and what the thread really left. */
const ENDS: Record<string, (living: Program, really: Left) => Left | Promise<Left>> = {
  'nobody has': (_, really) => really,
  'is that of a zombie': async () => {
    const { zombie } = await sleeperAndZombie();
    return { id: zombie, start: Number(statOf(zombie)[19]) };
  },
  'another process has by now': async (_, { start }) => {
    const { sleeper } = await sleeperAndZombie();
    return { id: sleeper, start: start - 1 };
  },
  'another thread has by now, whose process takes part': ({ child: { pid = 0 } }, { start }) => {
    const threads = readdirSync(`/proc/${pid}/task`).map(Number);
    return { id: threads.find(thread => thread !== pid) ?? 0, start: start - 1 };
  },
};

/** A process that was killed while it owned a mutex and had an event open, as if the kernel had not marked it; and one that lives, and has the mutex open. */
class Aftermath {
  readonly folder = makeFolder();
  readonly living = new Program(this.folder);
  words!: Words;
  left!: Left;
  client = -1;

  async begin(end: (typeof ENDS)[string]): Promise<this> {
    await this.living.run("kept.m = Mutex.create('m'); kept.set = Event.create('set', { manualReset: true, initialState: true }); kept.unset = Event.create()");
    const victim = new Program(this.folder);
    await victim.run("kept.m = Mutex.open('m'); kept.m.waitSync(); kept.e = Event.create('its own')");
    const { pid = 0 } = victim.child;
    this.words = new Words(objectsFile(this.folder));
    for (let client = 0; client < CLIENT_CAPACITY; client++) if (this.words.get(clientPlace(client)) === pid) this.client = client;
    const start = this.words.get(clientPlace(this.client) + CLIENT.START);
    expect(start).toBe(Number(statOf(pid)[19]));
    await victim.kill();
    this.left = await end(this.living, { id: pid, start });
    this.words.set(clientPlace(this.client) + CLIENT.START, this.left.start);
    this.words.set(clientPlace(this.client) + CLIENT.PID, this.left.id);
    this.words.set(clientPlace(this.client), this.left.id);
    this.words.set(MUTEX, this.left.id);
    return this;
  }
}

/** Ways to ask for the mutex. Each ends when it has it, and says whether it was told of the death. */
const QUESTIONS: Record<string, string> = {
  'a synchronous wait': "return kept.m.waitSync().status === 'abandoned'",
  'polls': "for (;;) { const { status } = kept.m.waitSync(0); if (status !== 'timeout') return status === 'abandoned'; }",
  'short waits': "for (;;) { const { status } = kept.m.waitSync(20); if (status !== 'timeout') return status === 'abandoned'; }",
  'tries for a lock': 'for (;;) { const lock = kept.m.tryAcquire(); if (lock) return lock.abandoned; await new Promise(setImmediate); }',
  'an asynchronous wait': 'return (await kept.m.acquire()).abandoned',
  'short asynchronous waits': 'for (;;) try { return (await kept.m.acquire({ timeout: 20 })).abandoned; } catch { }',
  'a synchronous wait for any': "return waitAnySync([kept.unset, kept.m]).status === 'abandoned'",
  'polls for any': "for (;;) { const { status } = waitAnySync([kept.unset, kept.m], 0); if (status !== 'timeout') return status === 'abandoned'; }",
  'an asynchronous wait for any': "return (await waitAny([kept.unset, kept.m])).status === 'abandoned'",
  'a synchronous wait for all': "return waitAllSync([kept.set, kept.m]).status === 'abandoned'",
  'polls for all': "for (;;) { const { status } = waitAllSync([kept.set, kept.m], 0); if (status !== 'timeout') return status === 'abandoned'; }",
  'an asynchronous wait for all': "return (await waitAll([kept.set, kept.m])).status === 'abandoned'",
};

/** One of each way to find out how long an owner has been in the way. */
const FEW_QUESTIONS = ['a synchronous wait', 'tries for a lock', 'an asynchronous wait'];

describe.each(Object.entries(ENDS))('a thread that has ended unmarked, and whose id %s', (ending, end) => {
  const questions = Object.entries(QUESTIONS).filter(([name]) => ending === 'nobody has' || FEW_QUESTIONS.includes(name));

  it.each(questions)('is noticed by %s', async (_, question) => {
    const { living } = await new Aftermath().begin(end);
    expect(await living.run(question)).toBe(true);
    expect(await living.run("return Event.create('its own').createdNew")).toBe(true);
  });

  it.each([
    ['who opens a name that only the dead had open', 'living'],
    ['a process that comes later', 'newcomer'],
  ])('is noticed by %s', async (_, who) => {
    const { folder, living, words, client, left } = await new Aftermath().begin(end);
    const asking = who === 'living' ? living : new Program(folder);
    await asking.run("for (;;) { const event = Event.create('its own'); if (event.createdNew) break; event.close(); await new Promise(setImmediate); }");
    expect(await asking.run("return Mutex.open('m').waitSync(0).status")).toBe('abandoned');
    expect(words.get(clientPlace(client))).not.toBe(left.id);
  });

  it('does not keep the namespace mutex', async () => {
    const { living, words, left } = await new Aftermath().begin(end);
    words.set(objectPlace(0), left.id);
    expect(await living.run("return Mutex.create('another').createdNew")).toBe(true);
  });

  it('does not keep its turn, nor the next one', async () => {
    const { living, words, client } = await new Aftermath().begin(end);
    words.set(MUTEX, 0);
    for (const field of [OBJECT.RESERVED, OBJECT.NEXT]) words.set(MUTEX + field, (client + 1) | (1 << HOLDER_BITS));
    expect(await living.run('return (await kept.m.acquire()).abandoned')).toBe(false);
  });
});

const HELPERS = (['helper64', 'helper32'] as const).filter(canStart);

describe.skipIf(HELPERS.length === 0).each(HELPERS)('a program in C, the %s,', kind => {
  it.each(Object.entries(ENDS))('notices a thread that has ended unmarked, and whose id %s', async (_, end) => {
    const aftermath = new Aftermath();
    vi.stubEnv('WAITABLE_DIR', aftermath.folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    await aftermath.living.ready;
    await using helper = await Peer.start(kind);
    await aftermath.begin(end);
    // The namespace mutex too, which it needs to begin.
    aftermath.words.set(objectPlace(0), aftermath.left.id);
    await helper.send('open', 'mutex', 0, 'm');
    expect(await helper.send('wait', -1, 0)).toEqual([String(WAIT_ABANDONED_0)]);
    expect(await helper.send('create', 'event', 1, encodeURIComponent('its own'), 0, 0)).toEqual(['1']);
  });
});

describe('a mutex', () => {
  it('is free when its owner never was', async () => {
    const folder = makeFolder();
    const program = new Program(folder);
    await program.run("kept.m = Mutex.create('m')");
    new Words(objectsFile(folder)).set(MUTEX, 0x3ffffff0);
    expect(await program.run('return (await kept.m.acquire()).abandoned')).toBe(true);
  });

  it('stays that of a thread which lives, however often others look', async () => {
    const folder = makeFolder();
    const [owner, other] = [new Program(folder), new Program(folder)];
    await owner.run("kept.m = Mutex.create('m'); kept.m.waitSync(); kept.e = Event.create('its own')");
    await other.run("kept.m = Mutex.open('m')");
    expect(await other.run('const statuses = new Set(); for (let turn = 0; turn < 4; turn++) statuses.add(kept.m.waitSync(300).status); return [...statuses]')).toEqual(['timeout']);
    owner.child.kill('SIGSTOP');
    expect(await other.run("const statuses = new Set(); for (let turn = 0; turn < 4; turn++) statuses.add(kept.m.waitSync(300).status); return [...statuses, Event.create('its own').createdNew]")).toEqual(['timeout', false]);
    owner.child.kill('SIGCONT');
    expect(await owner.run('kept.m.release(); return kept.m.waitSync(0).status')).toBe('signaled');
  });
});
