import { ABANDONED, ABORT, ABORTED, DEADLOCK, isAsynchronous, isForAll, isWait, NOT_OWNER, takenBy, TIMEOUT, TOO_MANY_POSTS, type Operation } from './operation.js';
import type { Part } from './minimize.js';

/** More of what else happened is not printed. */
const MOST_OTHERS = 12;

export interface Names {
  /** By the number of the object in the history. */
  readonly objects: readonly string[];
  /** Of contenders. */
  readonly contenders: readonly string[];
}

/** A part of a history for people: a line for each operation, times in µs from the first. */
export function describe({ group, states, operations, others }: Part, { objects, contenders }: Names): string {
  const nameOf = (index: number) => objects[group.objects[index] ?? -1] ?? `object ${index}`;
  const contenderOf = (contender: number) => contenders[contender] ?? `contender ${contender}`;
  const epoch = Math.min(...operations.map(({ called }) => called));
  const width = Math.max(...[...operations, ...others].map(({ contender }) => contenderOf(contender).length));
  const line = (operation: Operation) => [
    `  ${microseconds(operation.called - epoch)} to ${microseconds(operation.returned - epoch)} µs`,
    contenderOf(operation.contender).padEnd(width),
    `${whatOf(operation, nameOf)} -> ${outcomeOf(operation, nameOf)}`,
  ].join('  ');
  const concerned = [...new Set(operations.flatMap(({ objects: each }) => each))].sort((a, b) => a - b);
  const mayBe = (object: number) => [...new Set(states?.map(state => group.model.describe(state, object, contenderOf)))].join(' or ');
  const before = states === undefined ? 'whatever was before' : `with before them: ${concerned.map(object => `${nameOf(object)} ${mayBe(object)}`).join(', ')}`;
  const hidden = others.length - MOST_OTHERS;
  return [
    `no order explains these outcomes, ${before}:`,
    ...operations.map(line),
    ...(others.length === 0 ? [] : ['  nor does it help that meanwhile, whatever came of it:']),
    ...others.slice(0, MOST_OTHERS).map(line),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
  ].join('\n');
}

function microseconds(nanoseconds: number): string {
  return (nanoseconds / 1000).toFixed(1).padStart(8);
}

function whatOf(operation: Operation, nameOf: (object: number) => string): string {
  const { verb, objects, argument } = operation;
  if (verb === 'death') return 'dies';
  const words = [verb, objects.map(nameOf).join(', ')];
  if (isWait(operation)) words.push(argument < ABORT || !isAsynchronous(verb) ? `for ${argument} ms` : `aborted after ${argument - ABORT} ms`);
  if (verb === 'release' && argument > 0) words.push(`by ${argument}`);
  if (verb === 'set-timer') words.push(`due in ${argument} ms`);
  return words.join(' ');
}

function outcomeOf(operation: Operation, nameOf: (object: number) => string): string {
  const { verb, outcome } = operation;
  if (outcome === undefined) return verb === 'death' ? 'what it owned is abandoned' : 'died in it';
  if (outcome === NOT_OWNER) return 'not its owner';
  if (outcome === TOO_MANY_POSTS) return 'above its maximum';
  if (outcome === ABORTED) return 'aborted';
  if (outcome === DEADLOCK) return 'a deadlock';
  if (!isWait(operation)) return verb === 'release' && operation.argument > 0 ? `count before: ${outcome}` : 'done';
  if (outcome === TIMEOUT) return 'timeout';
  const taken = isForAll(verb) ? 'all' : takenBy(operation, outcome).map(nameOf).join('') || 'what there is not';
  return outcome >= ABANDONED ? `took ${taken}, abandoned` : `took ${taken}`;
}
