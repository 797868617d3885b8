import { BLOCKED, CAST, type Action, type Outcome, type Program, type Step } from './actions.js';
import type { Model } from './model.js';
import { relieve, resolve } from './resolve.js';

/** What the model is compared with. */
export interface World {
  /** The outcome of an action; while that is a wait that blocks, there is none. */
  perform(actor: number, action: Action): Promise<Outcome>;
  /** Ends the program: everybody closes what they have open. */
  finish(): Promise<void>;
}

interface Row {
  readonly what: string;
  readonly expected: Outcome;
  readonly actual: Outcome;
}

/** A program whose outcomes differ; the last row is the one that does. */
export class Difference extends Error {
  readonly steps: number;

  constructor(rows: readonly Row[], steps: number) {
    super(table(rows));
    this.name = 'Difference';
    this.steps = steps;
  }
}

/**
 * Runs a program in both, step by step.
 *
 * @throws Difference at the first outcome that differs.
 */
export async function compare(program: Program, model: Model, world: World): Promise<void> {
  const comparison = new Comparison(model, world);
  try {
    for (const step of program) {
      const resolved = resolve(model, step);
      if (resolved !== undefined) await comparison.perform(resolved);
    }
    for (let step = relieve(model); step !== undefined; step = relieve(model)) await comparison.perform(step);
  } finally {
    await world.finish();
  }
}

class Comparison {
  readonly #model: Model;
  readonly #world: World;
  readonly #rows: Row[] = [];
  readonly #blocked = new Map<number, Promise<Outcome>>();
  readonly #early = new Map<number, Outcome>();
  #steps = 0;

  constructor(model: Model, world: World) {
    this.#model = model;
    this.#world = world;
  }

  async perform({ actor, action }: Step): Promise<void> {
    this.#steps++;
    const expected = this.#model.perform(actor, action);
    const outcome = this.#world.perform(actor, action);
    const what = `${CAST[actor]}: ${describe(action)}`;
    if (action.verb === 'end') this.#blocked.delete(actor);
    if (expected === BLOCKED) this.#block(actor, outcome, what);
    else this.#check(what, expected, await outcome);
    // Each wait that has become possible is seen to end before anything else happens: whether it had begun by then makes no difference so.
    for (const [unblocked, expected] of this.#model.unblock()) {
      const outcome = await this.#blocked.get(unblocked);
      this.#blocked.delete(unblocked);
      this.#check(`${CAST[unblocked]}: … goes on`, expected, outcome ?? BLOCKED);
    }
    for (const [actor, outcome] of this.#early) if (this.#blocked.has(actor)) this.#check(`${CAST[actor]}: …`, BLOCKED, outcome);
  }

  #block(actor: number, outcome: Promise<Outcome>, what: string): void {
    this.#rows.push({ what, expected: BLOCKED, actual: BLOCKED });
    this.#blocked.set(actor, outcome);
    this.#early.delete(actor);
    outcome.then(
      early => { if (this.#blocked.get(actor) === outcome) this.#early.set(actor, early); },
      () => undefined, // its actor has been killed
    );
  }

  #check(what: string, expected: Outcome, actual: Outcome): void {
    this.#rows.push({ what, expected, actual });
    if (actual !== expected) throw new Difference(this.#rows, this.#steps);
  }
}

function describe(action: Action): string {
  switch (action.verb) {
    case 'create': {
      const { kind, ...state } = action.initial;
      return `#${action.slot} = create ${kind} ${action.name} ${JSON.stringify(state)}`;
    }
    case 'open': return `#${action.slot} = open ${action.kind} ${action.name}`;
    case 'wait':
    case 'waitAny':
    case 'waitAll': return `${action.verb} ${action.slots.map(slot => `#${slot}`).join(' ')}${action.blocking ? '' : ', timeout 0'}`;
    case 'signal': return `signal #${action.slot}${action.count === 1 ? '' : ` (${action.count} times if it is a semaphore)`}`;
    case 'signalAndWait': return `signal #${action.slot} and wait #${action.awaited}, timeout 0`;
    case 'end': return action.how;
    default: return `${action.verb} #${action.slot}`;
  }
}

function table(rows: readonly Row[]): string {
  const all = [{ what: 'program', expected: 'model', actual: 'kernel' }, ...rows];
  const width = (column: (row: Row) => string): number => Math.max(...all.map(row => column(row).length));
  const [what, expected] = [width(row => row.what), width(row => row.expected)];
  return all.map(row => `${row.what.padEnd(what)}  ${row.expected.padEnd(expected)}  ${row.actual}${row.actual === row.expected || row === all[0] ? '' : '  <- differs'}`).join('\n');
}
