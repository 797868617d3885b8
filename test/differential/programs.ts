import fc, { type Arbitrary } from 'fast-check';
import { CAST, CHOICES, ENDS, KINDS, type Action, type Initial, type Kind, type Name, type Program } from './actions.js';

const OBJECTS = 9;
const LONGEST = 40;

/** The kind that a name mostly belongs to: enough conflicts remain. */
const USUAL: Readonly<Record<Name, Kind>> = {
  'm': 'mutex', 'M': 'mutex', 's': 'semaphore', 'e': 'event', 'Local\\m': 'mutex', 'Local\\s': 'semaphore', 'Local\\e': 'event',
};

const name: Arbitrary<Name> = fc.oneof(
  { arbitrary: fc.constantFrom('m', 'm', 's', 'e'), weight: 10 },
  { arbitrary: fc.constantFrom('M', 'Local\\m', 'Local\\s', 'Local\\e'), weight: 3 },
);

const named: Arbitrary<{ name: Name; kind: Kind }> = fc.oneof(
  { arbitrary: name.map(name => ({ name, kind: USUAL[name] })), weight: 9 },
  { arbitrary: fc.record({ name, kind: fc.constantFrom(...KINDS) }), weight: 1 },
);

/** All that a create of any kind may ask for. */
const state = fc.record({ flag: fc.boolean(), other: fc.boolean(), count: fc.nat(2), room: fc.nat(2) });

function initial(kind: Kind, { flag, other, count, room }: { flag: boolean; other: boolean; count: number; room: number }): Initial {
  switch (kind) {
    case 'mutex': return { kind, initiallyOwned: flag };
    case 'semaphore': return { kind, initialCount: count, maximumCount: Math.max(1, count + room) };
    case 'event': return { kind, manualReset: flag, initialState: other };
  }
}

const slot = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(0, 0, 1, 2) }, { weight: 2, arbitrary: fc.nat(2 * CHOICES.length - 1) });
const slots = fc.array(slot, { minLength: 1, maxLength: 3, size: 'max' });

const create: Arbitrary<Action> = fc.tuple(named, state).map(([{ name, kind }, state]): Action => ({ verb: 'create', slot: 0, name, initial: initial(kind, state) }));

function action(blocking: Arbitrary<boolean>): Arbitrary<Action> {
  return fc.oneof(
    { weight: 7, arbitrary: create },
    { weight: 2, arbitrary: named.map((named): Action => ({ verb: 'open', slot: 0, ...named })) },
    { weight: 1, arbitrary: slot.map((slot): Action => ({ verb: 'close', slot })) },
    { weight: 12, arbitrary: fc.tuple(slot, blocking).map(([slot, blocking]): Action => ({ verb: 'wait', slots: [slot], blocking })) },
    { weight: 4, arbitrary: fc.record({ verb: fc.constant('waitAny'), slots, blocking }) },
    { weight: 4, arbitrary: fc.record({ verb: fc.constant('waitAll'), slots, blocking }) },
    { weight: 6, arbitrary: fc.record({ verb: fc.constant('signal'), slot, count: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: slot.map((slot): Action => ({ verb: 'reset', slot })) },
    { weight: 2, arbitrary: fc.record({ verb: fc.constant('signalAndWait'), slot, awaited: slot }) },
    { weight: 5, arbitrary: fc.record({ verb: fc.constant('end'), how: fc.constantFrom(...ENDS), owner: fc.nat(9).map(often => often < 9) }) },
  );
}

/** First of all some objects, so that there is something to meet at. Without fast-check's bias to what is small: what is rare takes many steps. */
function program(action: Arbitrary<Action>): Arbitrary<Program> {
  const steps = (action: Arbitrary<Action>, minLength: number, maxLength: number): Arbitrary<Program> =>
    fc.array(fc.record({ actor, action }), { minLength, maxLength, size: 'max' });
  return fc.noBias(fc.tuple(steps(create, 0, OBJECTS), steps(action, 1, LONGEST)).map(([objects, steps]) => [...objects, ...steps]));
}

const actor = fc.constantFrom(...CAST.keys());

/** Programs in which nobody ever blocks. */
export const sequentialPrograms: Arbitrary<Program> = program(action(fc.constant(false)));

/** Programs in which all but the main actor may block, and go on when somebody lets them. */
export const blockingPrograms: Arbitrary<Program> = program(action(fc.boolean()));
