import { Event } from 'waitable';
import type { Figures } from '../report/benchmark-run.js';
import { figuresOf } from './measure.js';
import { partOf, type Scale } from './scale.js';

const POPULATIONS = [10, 1000, 100_000] as const;
const BATCH = 100;
/** Enough for all of it to be compiled before the fewest, which come first, are measured. */
const WARM_UP_ROUNDS = 50;
/** The most that an open among many may take, as a multiple of one among few. */
const OPEN_BUDGET = 2;

/**
 * What it costs to find a name among others, and to add one. Those that are opened are spread over all of them, so that it counts too that not all fit into the processor's caches.
 * A pair is of the same round among fewer and among more names.
 */
export function measureNames(scale: Scale): Figures[] {
  const name = `waitable-bench ${process.pid} name`;
  const nameOf = (index: number) => `${name} ${index}`;
  const populations = POPULATIONS.map(names => partOf(names, scale));
  const events: Event[] = [];
  const opened = new Map<string, number[]>();
  const created = new Map<string, number[]>();
  try {
    for (const names of populations) {
      while (events.length < names) events.push(Event.create(nameOf(events.length)));
      const [open, create]: [number[], number[]] = [[], []];
      for (let round = -partOf(WARM_UP_ROUNDS, scale); round < scale.rounds; round++) {
        const found = perOperation(index => Event.open(nameOf(Math.floor(names * index / BATCH))).close());
        const made = perOperation(index => Event.create(`${name} new ${index}`).close());
        if (round < 0) continue;
        open.push(found);
        create.push(made);
      }
      opened.set(among(names), open);
      created.set(among(names), create);
    }
  } finally {
    for (const event of events) event.close();
  }
  const what = { subject: among(Math.max(...populations)), against: among(Math.min(...populations)), extent: `${scale.rounds} rounds of ${BATCH} names` };
  return [
    figuresOf({ name: 'open + close of a name', budget: { times: OPEN_BUDGET }, ...what }, opened),
    figuresOf({ name: 'create + close of a name', ...what }, created),
  ];
}

function among(names: number): string {
  return `among ${names.toLocaleString('en')}`;
}

function perOperation(operation: (index: number) => void): number {
  const began = process.hrtime.bigint();
  for (let index = 0; index < BATCH; index++) operation(index);
  return Number(process.hrtime.bigint() - began) / BATCH;
}
