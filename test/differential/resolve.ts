import { CAST, CHOICES, MAIN, type Action, type Name, type Step, type Wait } from './actions.js';
import type { Model, ModelActor } from './model.js';
import { ModelMutex, type ModelObject } from './objects.js';

/**
 * The step as it is to be performed in this state, with slots in place of choices; `undefined` if there is nothing to perform, or if what becomes
 * of it is up to the kernel. So every part of a program is a program, which is what shrinking needs.
 */
export function resolve(model: Model, { actor: index, action }: Step): Step | undefined {
  const actor = model.actor(index);
  if (actor.blockedIn !== undefined) return canBeKilled(index, action) ? { actor: index, action } : undefined;
  const resolved = resolveAction(model, index, action);
  return resolved && { actor: index, action: resolved };
}

/** A thread that is blocked cannot be ended before its wait has (README, limits). */
function canBeKilled(index: number, action: Action): boolean {
  return CAST[index] === 'process' && action.verb === 'end' && action.how === 'kill';
}

function resolveAction(model: Model, index: number, action: Action): Action | undefined {
  const actor = model.actor(index);
  const choose = (choice: number): number => chooseSlot(actor, choice);
  switch (action.verb) {
    case 'create':
    case 'open': return { ...action, slot: freeSlot(actor) };
    case 'end': return index === MAIN || action.owner && !ownsAny(actor) ? undefined : action;
  }
  if (slotsOf(action).some(choice => choose(choice) < 0)) return undefined;
  switch (action.verb) {
    case 'wait':
    case 'waitAny':
    case 'waitAll': {
      // The thread that everything else depends on never blocks.
      const wait = { ...action, slots: action.slots.map(choose), blocking: action.blocking && index !== MAIN };
      return mayWait(model, index, wait) ? wait : undefined;
    }
    case 'reset': {
      const slot = choose(action.slot);
      return actor.slots.get(slot)?.kind === 'event' ? { ...action, slot } : undefined;
    }
    case 'signalAndWait':
      // Peers have no such command. What it signals may be won by one who is blocked, or by its own wait: by either.
      if (index !== MAIN || model.actors.some(({ blockedIn }) => blockedIn !== undefined)) return undefined;
      return { ...action, slot: choose(action.slot), awaited: choose(action.awaited) };
    default: return { ...action, slot: choose(action.slot) };
  }
}

/** The slots that must be filled. */
function slotsOf(action: Exclude<Action, { verb: 'create' | 'open' | 'end' }>): readonly number[] {
  if ('slots' in action) return action.slots;
  return action.verb === 'signalAndWait' ? [action.slot, action.awaited] : [action.slot];
}

/** Choices go by name, so that they mean the same when other steps are left out. */
function chooseSlot({ slots }: ModelActor, choice: number): number {
  const name = CHOICES[choice % CHOICES.length];
  const found = [...slots].filter(([, object]) => object.name === name).map(([slot]) => slot);
  return found.at(choice < CHOICES.length ? 0 : -1) ?? -1;
}

function mayWait(model: Model, index: number, { verb, slots, blocking }: Wait): boolean {
  const actor = model.actor(index);
  const objects = slots.map(slot => actor.slots.get(slot));
  // Only the library refuses it alike on every system; a peer may be a bare one.
  if (verb === 'waitAll' && index !== MAIN && new Set(objects).size < objects.length) return false;
  if (!blocking) return true;
  // No two are blocked for one object, nor one for what another who is blocked owns: everybody can be unblocked.
  return !model.actors.some(other => other.blockedIn !== undefined && objects.some(object =>
    object !== undefined && (other.blockedIn?.objects.includes(object) === true || ownerOf(object) === other)));
}

/** A step towards the end of some wait; `undefined` when nobody is blocked. */
export function relieve(model: Model): Step | undefined {
  for (const { blockedIn } of model.actors) {
    for (const object of blockedIn?.objects ?? []) {
      const owner = ownerOf(object);
      const helper = model.actors.findIndex((actor, index) => owner === undefined ? index === MAIN : actor === owner);
      if (helper < 0 || model.actor(helper).blockedIn !== undefined || owner === undefined && object.ready({})) continue;
      const slot = [...model.actor(helper).slots].find(([, open]) => open === object)?.[0];
      return { actor: helper, action: slot === undefined ? opening(model, helper, object) : { verb: 'signal', slot, count: 1 } };
    }
  }
  return undefined;
}

function opening(model: Model, helper: number, object: ModelObject): Action {
  return { verb: 'open', slot: freeSlot(model.actor(helper)), name: object.name as Name, kind: object.kind };
}

function ownerOf(object: ModelObject): unknown {
  return object instanceof ModelMutex ? object.owner : undefined;
}

/** Of what it has open. */
function ownsAny(actor: ModelActor): boolean {
  return [...actor.slots.values()].some(object => ownerOf(object) === actor);
}

function freeSlot({ slots }: ModelActor): number {
  let slot = 0;
  while (slots.has(slot)) slot++;
  return slot;
}
