import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { SharedMemory } from 'waitable/bitness';
import { CAPACITY, emptyRecord, isRecord, readRecord, Recorder, RecordError, recordLayout, type RecordMemory } from '../../../stress/linearizability/record.js';
import { VERBS } from '../../../stress/linearizability/operation.js';
import { BOARD_BYTES } from '../../../stress/peers/board.js';

describe('a record', () => {
  let memory: RecordMemory;
  let recorder: Recorder;

  beforeEach(() => {
    memory = SharedMemory.create(undefined, recordLayout);
    onTestFinished(() => memory.close());
    recorder = new Recorder(memory.buffer);
  });

  const epoch = process.hrtime.bigint();
  const read = (died?: bigint) => readRecord(memory, { contender: 5, objects: 4, epoch, died });

  test('is as large as the sections that peers map', () => {
    expect(recordLayout.begin + recordLayout.byteLength).toBe(BOARD_BYTES);
  });

  test('is told from other sections', () => {
    using other = SharedMemory.create(undefined, 4096);
    new BigUint64Array(other.buffer)[0] = 1n;
    using small = SharedMemory.create(undefined, 2048);
    using fresh = SharedMemory.create(undefined, 4096);
    expect([memory, other, small, fresh, fresh].map(({ buffer }) => isRecord(buffer))).toEqual([true, false, false, true, true]);
  });

  test('gives what was written, in order', () => {
    recorder.begin({ verb: 'wait-any', objects: [2, 0, 3], argument: 3 });
    expect(recorder.end(258)).toBeGreaterThanOrEqual(0);
    recorder.begin({ verb: 'release', objects: [1], argument: 100 });
    recorder.end(-298);
    const [first, second, ...none] = read();
    expect(first).toMatchObject({ contender: 5, verb: 'wait-any', objects: [2, 0, 3], argument: 3, outcome: 258 });
    expect(second).toMatchObject({ contender: 5, verb: 'release', objects: [1], argument: 100, outcome: -298 });
    expect(none).toEqual([]);
    expect([first?.called, first?.returned, second?.called, second?.returned]).toEqual([first?.called, first?.returned, second?.called, second?.returned].sort((a, b) => Number(a) - Number(b)));
    expect(recorder.room).toBe(CAPACITY - 2);
    emptyRecord(memory);
    expect(read()).toEqual([]);
  });

  test('of who died in an operation ends with that one, which has no outcome', () => {
    recorder.begin({ verb: 'set', objects: [2], argument: 0 });
    recorder.end(0);
    recorder.begin({ verb: 'wait', objects: [0], argument: 0 });
    const died = process.hrtime.bigint();
    expect(read(died)).toMatchObject([{ verb: 'set', outcome: 0 }, { verb: 'wait', objects: [0], outcome: undefined, returned: Number(died - epoch) }]);
  });

  test('of who died between two operations ends with the death', () => {
    recorder.begin({ verb: 'set', objects: [2], argument: 0 });
    recorder.end(0);
    const died = process.hrtime.bigint();
    expect(read(died)).toMatchObject([{ verb: 'set', outcome: 0 }, { verb: 'death', objects: [], outcome: undefined, returned: Number(died - epoch) }]);
  });

  test.each<[string, (memory: RecordMemory) => void]>([
    ['an operation that has not ended, of who lives', ({ fields }) => fields.begun = 2],
    ['more operations than there is room for', ({ fields }) => fields.begun = fields.ended = CAPACITY + 1],
    ['fewer than none', ({ fields }) => fields.begun = fields.ended = -1],
    ['more that have ended than have begun', ({ fields }) => fields.ended = 2],
    ['no verb', ({ fields }) => fields.verb[0] = 0],
    ['an unknown verb', ({ fields }) => fields.verb[0] = VERBS.length + 1],
    ['no object', ({ fields }) => fields.objects[0] = 255],
    ['an object that there is not', ({ fields }) => fields.objects[0] = 4],
    ['more objects than the verb takes', ({ fields }) => fields.objects[1] = 1],
    ['one object twice', ({ fields }) => [fields.verb[0], fields.objects[1]] = [2, 2]],
    ['a return before the call', ({ fields }) => fields.returned[0] = 0n],
    ['a call before all began', ({ fields }) => fields.called[0] = 0n],
  ])('is refused when it makes no sense: %s', (_, spoil) => {
    recorder.begin({ verb: 'wait', objects: [2], argument: 0 });
    recorder.end(0);
    expect(read()).toHaveLength(1);
    spoil(memory);
    expect(() => read()).toThrow(RecordError);
  });
});
