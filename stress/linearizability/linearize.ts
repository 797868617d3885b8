import type { Operation } from './operation.js';
import type { Script } from './possible-steps.js';

/** An operation, and all that it may have done. */
export interface Call {
  readonly operation: Operation;
  readonly script: Script;
}

export interface Verdict {
  /** The operation that no order of the steps explains: by its return, all of them have been ruled out. */
  readonly failed: Call | undefined;
  /** What the objects may be in the end. */
  readonly states: readonly number[];
}

/** So many possibilities at once that the check would take for ever. */
export class TooIntertwinedError extends Error {
  override readonly name = 'TooIntertwinedError';
}

/** What happens by itself, if it may at this time: the states that may come of it. */
export type Spontaneous = (state: number, time: number) => readonly number[];

const MOST_CONFIGURATIONS = 200_000;
const IDLE = '\0';

/** One possibility: the state, and how far each contender is in its operation, a character each: IDLE, or 1 + the node of the script. */
interface Configuration {
  readonly state: number;
  readonly progress: string;
}

/**
 * Whether a history is linearizable: whether all steps of all operations can be put in one order that the contract allows, with each operation's between its call and its return.
 *
 * Wing and Gong's search, as Lowe does it: it goes through calls and returns in the order of time, with all possibilities at once, each of them once (the state together with which steps have been
 * done). A step is done no earlier than the return of an operation that depends on it. So nothing is searched twice, and a history may be as long as it likes: what counts is how many operations overlap.
 *
 * @see {@link https://doi.org/10.1006/jpdc.1993.1015 | Wing and Gong: Testing and verifying concurrent objects}
 * @see {@link https://doi.org/10.1002/cpe.3928 | Lowe: Testing for linearizability}
 * @param states - What the objects may be before.
 * @param spontaneous - What may happen between the steps of operations. It has to be possible at all later times too, in the same state.
 * @throws TooIntertwinedError.
 */
export function linearize(states: readonly number[], calls: readonly Call[], spontaneous: Spontaneous = () => []): Verdict {
  const search = new Search(states, calls, spontaneous);
  for (const event of eventsOf(calls)) {
    if (event.isCall) search.call(event.call);
    else if (!search.return(event.call, event.time)) return { failed: event.call, states: [] };
  }
  return { failed: undefined, states: search.states };
}

interface Event {
  readonly call: Call;
  readonly isCall: boolean;
  readonly time: number;
}

/**
 * In the order of time. At one instant calls come first, so that what may have overlapped does; but no contender is called again before it has returned. Where two return and are called again at the same instant, one of
 * the returns has to come before the other's call.
 */
function eventsOf(calls: readonly Call[]): Event[] {
  const queues = new Map<number, Event[]>();
  for (const call of [...calls].sort((a, b) => b.operation.called - a.operation.called || b.operation.returned - a.operation.returned)) {
    const { contender, called, returned } = call.operation;
    const queue = queues.get(contender) ?? [];
    queue.push({ call, isCall: false, time: returned }, { call, isCall: true, time: called }); // the first is the last
    queues.set(contender, queue);
  }
  const events: Event[] = [];
  for (let queue = earliest(queues.values()); queue !== undefined; queue = earliest(queues.values())) events.push(...queue.splice(-1));
  return events;
}

function earliest(queues: Iterable<Event[]>): Event[] | undefined {
  let first: Event | undefined;
  let found: Event[] | undefined;
  for (const queue of queues) {
    const event = queue.at(-1);
    if (event === undefined || (first !== undefined && (first.time < event.time || (first.time === event.time && rankOf(found ?? []) <= rankOf(queue))))) continue;
    first = event;
    found = queue;
  }
  return found;
}

/** Among those who have something at one instant: calls, then returns that a call follows at the same instant, then all others. */
function rankOf(queue: readonly Event[]): number {
  const event = queue.at(-1);
  if (event?.isCall === true) return 0;
  return queue.at(-2)?.time === event?.time ? 1 : 2;
}

class Search {
  #configurations: readonly Configuration[];
  readonly #slots: ReadonlyMap<number, number>;
  /** Of the operations that are under way, by slot. */
  readonly #scripts = new Map<number, Script>();

  readonly #spontaneous: Spontaneous;

  constructor(states: readonly number[], calls: readonly Call[], spontaneous: Spontaneous) {
    this.#spontaneous = spontaneous;
    this.#slots = new Map([...new Set(calls.map(({ operation }) => operation.contender))].map((contender, slot) => [contender, slot]));
    const progress = IDLE.repeat(this.#slots.size);
    this.#configurations = states.map(state => ({ state, progress }));
  }

  get states(): number[] {
    return [...new Set(this.#configurations.map(({ state }) => state))];
  }

  call(call: Call): void {
    const slot = this.#slotOf(call);
    if (this.#scripts.has(slot)) throw new RangeError(`contender ${call.operation.contender} does two things at once`);
    this.#scripts.set(slot, call.script);
    this.#configurations = this.#configurations.map(({ state, progress }) => this.#look(state, at(progress, slot, 0)));
  }

  /** False if there is no possibility left. */
  return(call: Call, time: number): boolean {
    const slot = this.#slotOf(call);
    const ended = new Map<string, Configuration>();
    const open = [...this.#configurations];
    const known = new Set(open.map(keyOf));
    for (let configuration = open.pop(); configuration !== undefined; configuration = open.pop()) {
      const { state, progress } = configuration;
      if (nodeOf(progress, slot) === call.script.end) {
        const idle = { state, progress: withCharacter(progress, slot, IDLE) };
        ended.set(keyOf(idle), idle);
        continue;
      }
      for (const next of this.#successors(state, progress, time)) {
        const key = keyOf(next);
        if (known.has(key)) continue;
        if (known.size >= MOST_CONFIGURATIONS) throw new TooIntertwinedError(`more than ${MOST_CONFIGURATIONS} possibilities at once`);
        known.add(key);
        open.push(next);
      }
    }
    this.#scripts.delete(slot);
    this.#configurations = [...ended.values()];
    return ended.size > 0;
  }

  /** Each step that some operation may do now, and what may happen by itself. */
  *#successors(state: number, progress: string, time: number): Generator<Configuration> {
    for (const after of this.#spontaneous(state, time)) yield this.#look(after, progress);
    for (const [slot, { nodes }] of this.#scripts) {
      for (const { step, to } of nodes[nodeOf(progress, slot)] ?? []) {
        const after = step.apply(state);
        if (after !== undefined) yield this.#look(after, at(progress, slot, to));
      }
    }
  }

  /** Does the steps that only look, as soon as they find what they have to and there is no other way to go: nobody is the worse for it. */
  #look(state: number, progress: string): Configuration {
    for (const [slot, { nodes }] of this.#scripts) {
      for (let only = onlyEdge(nodes, progress, slot); only?.step.looks === true && only.step.apply(state) !== undefined; only = onlyEdge(nodes, progress, slot)) {
        progress = at(progress, slot, only.to);
      }
    }
    return { state, progress };
  }

  #slotOf({ operation: { contender } }: Call): number {
    const slot = this.#slots.get(contender);
    if (slot === undefined) throw new RangeError(`contender ${contender} is not part of this history`);
    return slot;
  }
}

function keyOf({ state, progress }: Configuration): string {
  return `${progress}${state}`;
}

function onlyEdge(nodes: Script['nodes'], progress: string, slot: number) {
  const edges = nodes[nodeOf(progress, slot)];
  return edges?.length === 1 ? edges[0] : undefined;
}

/** -1 of who is idle. */
function nodeOf(progress: string, slot: number): number {
  return progress.charCodeAt(slot) - 1;
}

function at(progress: string, slot: number, node: number): string {
  return withCharacter(progress, slot, String.fromCharCode(node + 1));
}

function withCharacter(progress: string, slot: number, character: string): string {
  return `${progress.slice(0, slot)}${character}${progress.slice(slot + 1)}`;
}
