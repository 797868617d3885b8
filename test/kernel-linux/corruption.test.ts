import { describe, expect, test } from 'vitest';
import {
  ALL_ONES, BUCKETS, BUCKETS_AT, BUSY, CLIENT_BYTES, CLIENTS_AT, HEADER, HEADS_AT, KIND_SECTION, OBJECT, OBJECT_BYTES, OBJECTS_AT, OWNER_DIED, REFERENCE, REFERENCE_BYTES, REFERENCES_AT,
} from '../../src/kernel/linux/file/layout.js';
import { PATIENCE } from '../support/patience.js';
import { random } from '../support/random.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

/** Objects 1 to 8, in this order. */
const OBJECTS = `
  kept.held = Mutex.create('held'), kept.held.waitSync();
  kept.mutex = Mutex.create('mutex');
  kept.semaphore = Semaphore.create('semaphore', { initialCount: 2, maximumCount: 5 });
  kept.auto = Event.create('auto', { initialState: true });
  kept.manual = Event.create('manual', { manualReset: true, initialState: true });
  kept.timer = Timer.create('timer'), kept.timer.set(0, { period: 1 });
  kept.memory = SharedMemory.create('memory', 4096);
  kept.unnamed = Mutex.create();
`;
const [MUTEX, SEMAPHORE, AUTO, MANUAL, TIMER] = [2, 3, 4, 5, 6] as const;

/** Does everything, and gives what was thrown that is neither a SyncError nor about an argument (two objects may have become one). Takes nothing that it does not give back. */
const DO_EVERYTHING = `
  const wrong = [];
  const attempt = action => {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof SyncError) && !error.code?.startsWith('ERR_')) wrong.push(String(error.stack));
    }
  };
  const use = object => {
    attempt(() => object.set?.(0));
    attempt(() => object.reset?.());
    attempt(() => object.set?.(0, { period: 1 }));
    const taken = attempt(() => object.waitSync(0).status) ?? 'timeout';
    if (taken !== 'timeout') attempt(() => object.release?.());
    attempt(() => object.cancel?.());
    if (object instanceof Semaphore) attempt(() => object.release());
  };
  const made = [
    attempt(() => Mutex.create('mutex')), attempt(() => Mutex.create('held')), attempt(() => Semaphore.create('semaphore', { initialCount: 2, maximumCount: 5 })), attempt(() => Event.create('auto')),
    attempt(() => Event.open('manual')), attempt(() => Timer.tryOpen('timer')), attempt(() => Mutex.create(undefined, { initiallyOwned: true })), attempt(() => Mutex.create('new')), attempt(() => Event.create('new')),
    attempt(() => Timer.create('newer', { manualReset: true })), attempt(() => Process.open(process.pid)),
  ];
  const memories = [attempt(() => SharedMemory.create('memory', 4096)), attempt(() => SharedMemory.create('other memory', 64))];
  const objects = [...Object.values(kept), ...made].filter(object => object instanceof Waitable);
  for (const object of objects) use(object);
  for (const wait of [waitAnySync, waitAllSync]) {
    for (const some of [objects.slice(0, 6), objects.slice(1, 6), [kept.mutex, kept.semaphore], [kept.auto, kept.timer, kept.manual], made]) {
      const present = some.filter(object => object instanceof Waitable);
      if (present.length === 0) continue;
      const result = attempt(() => wait(present, 0));
      if (result === undefined || result.status === 'timeout') continue;
      for (const object of wait === waitAllSync ? present : [present[result.index]]) if (object instanceof Mutex) attempt(() => object.release());
    }
  }
  for (const memory of memories) attempt(() => memory?.close());
  for (const object of made) attempt(() => object?.close());
  return wrong;
`;

function placeOf(object: number, field = 0): number {
  return (OBJECTS_AT + object * OBJECT_BYTES) / 4 + field;
}

/** A process with all objects open, and the words of its file. */
async function corruptible(): Promise<{ folder: string; program: Program; words: Words }> {
  const folder = makeFolder();
  const program = new Program(folder);
  await program.run(OBJECTS);
  return { folder, program, words: new Words(objectsFile(folder)) };
}

async function expectSound(folder: string, ...programs: Program[]): Promise<void> {
  for (const program of programs) expect(await program.run(DO_EVERYTHING)).toEqual([]);
  await Promise.all(programs.map(program => program.kill()));
  const next = new Program(folder);
  expect(await next.run(`${OBJECTS} return [kept.mutex, kept.semaphore, kept.auto, kept.manual].map(object => [object.createdNew, object.waitSync(${PATIENCE}).status])`))
    .toEqual(Array(4).fill([true, 'signaled']));
}

describe('memory that some program has overwritten', () => {
  test.each([
    ['mutex', MUTEX, ALL_ONES], ['semaphore', SEMAPHORE, BUSY | 2], ['semaphore', SEMAPHORE, BUSY], ['auto', AUTO, BUSY | 1], ['manual', MANUAL, BUSY | 1], ['timer', TIMER, BUSY | 1],
  ] as const)('with the mark of a wait-all that nobody waits: %s', async (name, object, word) => {
    const { folder, program, words } = await corruptible();
    for (const code of [
      `return kept.${name}.waitSync(0).status`, `return waitAnySync([kept.${name}], ${word === BUSY ? 0 : PATIENCE}).status`, `return waitAllSync([kept.${name}, kept.unnamed], 0).status`,
      `if (kept.${name} instanceof Mutex) return kept.${name}.waitSync(0).status; kept.${name}.release?.(); kept.${name}.reset?.(); kept.${name}.set?.(0); return 'signaled';`,
    ]) {
      words.set(placeOf(object), word);
      expect(['signaled', 'timeout']).toContain(await program.run(code));
    }
    words.set(placeOf(object), word);
    await expectSound(folder, program, new Program(folder));
  });

  test('with a mark, and the kind of another object', async () => {
    const { folder, program, words } = await corruptible();
    await program.run('kept.mutex.waitSync(0); kept.mutex.release();');
    words.set(placeOf(MUTEX), ALL_ONES);
    words.set(placeOf(MUTEX, OBJECT.KIND), KIND_SECTION);
    expect(await program.run('return kept.mutex.waitSync(0).status')).toBe('signaled');
    await expectSound(folder, program, new Program(folder));
  });

  test.each([ALL_ONES, ALL_ONES | OWNER_DIED, 0x3ffffffe, process.pid, OWNER_DIED, BUSY, -1, 0x7fffffff])('with an owner of the namespace mutex that does not own it: %i', async word => {
    const { folder, program, words } = await corruptible();
    words.set(placeOf(0), word);
    expect(await program.run("return Mutex.create('another').createdNew")).toBe(true);
    words.set(placeOf(0), word);
    await expectSound(folder, program, new Program(folder));
  });

  test.each([HEADER.CLIENTS_USED, HEADER.REFERENCES_USED, HEADER.OBJECTS_USED, HEADER.REFERENCES_BACKED, HEADER.OBJECTS_BACKED, HEADER.FREE_REFERENCE, HEADER.FREE_OBJECT])('with a count or list in the header that cannot be: word %i', async field => {
    const { folder, program, words } = await corruptible();
    for (const value of [-1, BUSY, 0x7fffffff]) {
      words.set(field, value);
      const newcomer = new Program(folder);
      for (const one of [program, newcomer]) expect(await one.run(DO_EVERYTHING), `${value}`).toEqual([]);
      await newcomer.kill();
    }
    await expectSound(folder, program);
  });

  test('with a handle to the namespace mutex', async () => {
    const { program, words } = await corruptible();
    for (let reference = 0; reference < 8; reference++) words.set((REFERENCES_AT + reference * REFERENCE_BYTES) / 4 + REFERENCE.OBJECT, 1);
    expect(await program.failure('kept.mutex.waitSync(0)')).toMatchObject({ name: 'SyncError', code: 'ERROR_INVALID_HANDLE' });
  });

  /** Low and high word of a pointer: nowhere, unaligned, into what belongs to the system, and -1. */
  test.each([[0, 0], [0x41414141, 0], [0x10001, 0], [0x41414140, 0x4141], [0, 0x8000], [-1, -1]])('with entries of robust lists that lead to %i, %i', async (low, high) => {
    const { folder, program, words } = await corruptible();
    const overwrite = (at: number) => {
      for (const word of [5, 6, 8]) words.set(at + word, low);
      for (const word of [7, 9]) words.set(at + word, high);
    };
    await program.run('kept.mutex.waitSync(); kept.unnamed.waitSync();');
    for (let object = 0; object < 10; object++) overwrite(placeOf(object));
    await program.run('kept.mutex.release(); kept.held.release(); kept.unnamed.release();');
    await program.run('for (let turn = 0; turn < 100; turn++) { kept.held.waitSync(); kept.mutex.waitSync(); kept.held.release(); kept.mutex.release(); }');
    await program.run('kept.mutex.waitSync(); kept.held.waitSync();');
    for (let object = 0; object < 10; object++) overwrite(placeOf(object));
    overwrite(CLIENTS_AT / 4);
    await program.run('kept.mutex.release(); kept.mutex.waitSync();');
    const heir = new Program(folder);
    await heir.run("kept.held = Mutex.create('held')");
    await program.kill();
    // What the kernel does not find any more, a sleeper does.
    expect(await heir.run(`return kept.held.waitSync(${PATIENCE}).status`)).toBe('abandoned');
    await expectSound(folder, heir);
  });
});

/** Where the structure is that the test's few objects use. */
const REGIONS = [
  { at: 0, records: 1, bytes: 64 },
  { at: HEADS_AT, records: 1, bytes: 64 },
  { at: CLIENTS_AT, records: 4, bytes: CLIENT_BYTES },
  { at: BUCKETS_AT, records: BUCKETS, bytes: 4 },
  { at: REFERENCES_AT, records: 20, bytes: REFERENCE_BYTES },
  { at: OBJECTS_AT, records: 20, bytes: OBJECT_BYTES },
] as const;
const VALUES = [0, 1, 2, -1, 7, 20, 2048, 262_144, 524_288, ALL_ONES, OWNER_DIED, BUSY, 0x7fffffff, BUSY | 1];

function overwrite(words: Words, next: () => number, count: number): void {
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(next() * values.length)] as Value;
  for (let index = 0; index < count; index++) {
    const region = pick(REGIONS);
    let place = Math.floor((region.at + Math.floor(next() * region.records) * region.bytes + next() * region.bytes) / 4);
    // A bucket that is in use, if one comes soon.
    for (let tries = 0; region.at === BUCKETS_AT && tries < 1000 && words.get(place) === 0; tries++) place = BUCKETS_AT / 4 + Math.floor(next() * BUCKETS);
    // Else the newcomers would be refused before they could do anything; `shared-file.test.ts` has that.
    if (place >= HEADER.MAGIC && place <= HEADER.PID_NAMESPACE) continue;
    // An owner that lives, and may take part, cannot be told from a true one.
    if (place === placeOf(0)) continue;
    words.set(place, next() < 0.5 ? pick(VALUES) : next() < 0.5 ? Math.floor(next() * 64) : Math.floor(next() * 2 ** 32) | 0);
  }
}

const SEED = Number(process.env['WAITABLE_TEST_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = 12;

/** To see a seed again: `WAITABLE_TEST_SEED` in the environment is the first one. */
describe('random words all over the structure', () => {
  test.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))('make errors, but nobody hangs or crashes: seed %i', async seed => {
    console.info(`seed ${seed}`);
    const next = random(seed);
    const { folder, program, words } = await corruptible();
    const other = new Program(folder);
    for (const count of [1, 3, 10, 30, 100]) {
      overwrite(words, next, count);
      for (const one of [program, other]) expect(await one.run(DO_EVERYTHING), `seed ${seed}, ${count} words`).toEqual([]);
    }
    await expectSound(folder, program, other);
  });
});
