import { Event } from 'waitable';
import { spreadOf, type Scale, type Spread } from './measure.js';
import { pairwise } from '../statistics.js';

const POPULATIONS = [10, 1000, 100_000] as const;
const BATCH = 100;
/** Enough for all of it to be compiled before the fewest, which come first, are measured. */
const WARM_UP_ROUNDS = 50;
/** The most that an open among many may take, as a multiple of one among few. */
export const OPEN_BUDGET = 2;

/** What it costs to find a name among others, in ns. */
export interface NameFigures {
  readonly names: number;
  /** Of one of them. */
  readonly openAndClose: Spread;
  /** To the same among the fewest, in as late a round. */
  readonly ratio: Spread;
  /** Of one more. */
  readonly createAndClose: Spread;
}

interface Population {
  readonly names: number;
  readonly open: number[];
  readonly create: number[];
}

/** Those that are opened are spread over all of them, so that it counts too that not all fit into the processor's caches. */
export function measureNames({ rounds }: Scale): NameFigures[] {
  const name = `waitable-bench ${process.pid} name`;
  const nameOf = (index: number) => `${name} ${index}`;
  const events: Event[] = [];
  const populations: Population[] = [];
  try {
    for (const names of POPULATIONS) {
      while (events.length < names) events.push(Event.create(nameOf(events.length)));
      const open: number[] = [];
      const create: number[] = [];
      for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
        const opened = perOperation(index => Event.open(nameOf(Math.floor(names * index / BATCH))).close());
        const made = perOperation(index => Event.create(`${name} new ${index}`).close());
        if (round < 0) continue;
        open.push(opened);
        create.push(made);
      }
      populations.push({ names, open, create });
    }
  } finally {
    for (const event of events) event.close();
  }
  const [fewest] = populations;
  return populations.map(({ names, open, create }) => ({
    names,
    openAndClose: spreadOf(open),
    ratio: spreadOf(pairwise(open, fewest?.open ?? [], (a, b) => a / b)),
    createAndClose: spreadOf(create),
  }));
}

function perOperation(operation: (index: number) => void): number {
  const began = process.hrtime.bigint();
  for (let index = 0; index < BATCH; index++) operation(index);
  return Number(process.hrtime.bigint() - began) / BATCH;
}
