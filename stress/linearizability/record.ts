import { array, layout, type SharedMemory } from 'waitable/bitness';
import { VERBS, type Operation, type Request, type Verb } from './operation.js';

/** Operations in one round of one contender. */
export const CAPACITY = 160;
/** Objects of one operation. */
export const MOST_OBJECTS = 3;
const NONE = 255;

/**
 * A contender's own section, a page: what it does in one round. Who runs the round empties it before, and reads it when the contender is idle or dead; meanwhile the contender alone writes it. Each
 * operation is written before `begun` counts it, and begins after that; its outcome before `ended` does. So whoever dies leaves at most one operation that has begun and not ended.
 *
 * The C helpers are compiled with a header that is printed from this layout.
 */
export const recordLayout = layout({
  begun: 'int32',
  ended: 'int32',
  called: array('int64', CAPACITY),
  returned: array('int64', CAPACITY),
  outcome: array('int32', CAPACITY),
  verb: array('uint8', CAPACITY),
  argument: array('uint8', CAPACITY),
  /** `MOST_OBJECTS` entries for each operation; 255 where there are fewer. */
  objects: array('uint8', CAPACITY * MOST_OBJECTS),
  spare: array('uint8', 24), // to a page
});

/** For C, where the structure has the same members. */
export const recordHeader = recordLayout.toCHeader('history_record');

export type RecordMemory = SharedMemory<(typeof recordLayout)['fields']>;

/** Whether a section is a record. One that is new, with zeroes alone, becomes one. */
export function isRecord(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength < recordLayout.begin + recordLayout.byteLength) return false;
  const own = BigInt(`0x${recordLayout.fingerprint}`);
  const found = Atomics.compareExchange(new BigUint64Array(buffer, 0, 1), 0, 0n, own);
  return found === 0n || found === own;
}

/** The writer's side. */
export class Recorder {
  readonly #counts: Int32Array;
  readonly #called: BigInt64Array;
  readonly #returned: BigInt64Array;
  readonly #outcome: Int32Array;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(buffer: ArrayBuffer) {
    const place = (field: keyof typeof recordLayout.fields) => recordLayout.begin + recordLayout.offsetOf(field);
    this.#counts = new Int32Array(buffer, place('begun'), 2);
    this.#called = new BigInt64Array(buffer, place('called'), CAPACITY);
    this.#returned = new BigInt64Array(buffer, place('returned'), CAPACITY);
    this.#outcome = new Int32Array(buffer, place('outcome'), CAPACITY);
    this.#bytes = new Uint8Array(buffer, place('verb'), CAPACITY * (2 + MOST_OBJECTS));
  }

  get room(): number {
    return CAPACITY - this.#at;
  }

  /** An operation is about to begin. */
  begin({ verb, objects, argument }: Request): void {
    const at = this.#at;
    this.#bytes[at] = VERBS.indexOf(verb) + 1;
    this.#bytes[CAPACITY + at] = argument;
    for (let index = 0; index < MOST_OBJECTS; index++) this.#bytes[CAPACITY * 2 + at * MOST_OBJECTS + index] = objects[index] ?? NONE;
    this.#called[at] = process.hrtime.bigint();
    Atomics.store(this.#counts, 0, at + 1);
  }

  /** It has ended; gives how long it took, in ns. */
  end(outcome: number): number {
    const returned = process.hrtime.bigint();
    const at = this.#at++;
    this.#returned[at] = returned;
    this.#outcome[at] = outcome;
    Atomics.store(this.#counts, 1, at + 1);
    return Number(returned - (this.#called[at] ?? returned));
  }
}

/** A record that its writer cannot have written. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

export function emptyRecord({ fields }: RecordMemory): void {
  fields.begun = 0;
  fields.ended = 0;
}

/** From how many objects to how many a verb takes that does not take one. */
const OBJECTS: Readonly<Partial<Record<Verb, readonly [least: number, most: number]>>> = {
  'wait-any': [1, MOST_OBJECTS], 'wait-all': [1, MOST_OBJECTS], 'wait-any-async': [1, MOST_OBJECTS], 'wait-all-async': [1, MOST_OBJECTS], 'signal-and-wait': [2, 2],
};

export interface ReadOptions {
  readonly contender: number;
  /** Which is its first object, and how many there are for it. */
  readonly first?: number;
  readonly objects: number;
  /** What times are counted from. */
  readonly epoch: bigint;
  /** When the contender was known to be dead, if it is. */
  readonly died?: bigint | undefined;
}

/**
 * What a contender did, and its death where it died. All that it wrote is checked: it may be anything.
 *
 * @throws RecordError.
 */
export function readRecord({ fields }: RecordMemory, { contender, first = 0, objects, epoch, died }: ReadOptions): Operation[] {
  const { begun, ended } = fields;
  const fail = (what: string): never => {
    throw new RecordError(`the record of contender ${contender} makes no sense: ${what}`);
  };
  const isPending = died !== undefined && begun === ended + 1;
  if (begun < 0 || begun > CAPACITY || (begun !== ended && !isPending)) fail(`${begun} operations begun, ${ended} ended`);
  const operations: Operation[] = [];
  let last = 0;
  for (let at = 0; at < begun; at++) {
    const ends = at < ended;
    const verb = VERBS[(fields.verb[at] ?? 0) - 1] ?? fail(`operation ${at} has the verb ${fields.verb[at]}`);
    const called = Number((fields.called[at] ?? 0n) - epoch);
    const returned = Number((ends ? fields.returned[at] ?? 0n : died ?? 0n) - epoch);
    if (called < last || returned < called) fail(`operation ${at} lasts from ${called} to ${returned} ns, and the one before it to ${last} ns`);
    last = returned;
    const entries = [...fields.objects.subarray(at * MOST_OBJECTS, (at + 1) * MOST_OBJECTS)].filter(entry => entry !== NONE);
    const [least, most] = OBJECTS[verb] ?? [1, 1];
    if (entries.length < least || entries.length > most || new Set(entries).size < entries.length || entries.some(entry => entry >= objects)) fail(`operation ${at} is on the objects ${entries.join(', ')}`);
    operations.push({ contender, verb, objects: entries.map(entry => first + entry), argument: fields.argument[at] ?? 0, called, returned, outcome: ends ? fields.outcome[at] ?? 0 : undefined });
  }
  if (died !== undefined && !isPending) {
    operations.push({ contender, verb: 'death', objects: [], argument: 0, called: last, returned: Math.max(last, Number(died - epoch)), outcome: undefined });
  }
  return operations;
}
