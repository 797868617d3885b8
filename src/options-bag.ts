import { typeError, valueError } from './arguments.js';

/*
 * Objects of options. What is not understood is refused: an option that is misspelt, or an AbortSignal in place of the object, would otherwise be a wait without a limit.
 */

/** The names that an options object may have: all of its type's, which the compiler sees to. */
export type OptionNames<Options> = Readonly<Record<keyof Required<Options>, true>>;

/** A key may be of any length; of a longer one no more than this is shown, or compared. */
const LONGEST_KEY = 40;

const NONE: Readonly<Record<string, never>> = Object.freeze({});

/**
 * An options bag: absent, or a plain object, of this realm or another, with known keys alone. An option that is `undefined` is absent.
 *
 * Keys that are inherited count too, for `Object.create(defaults)`; those of `Object.prototype`, which some program may have extended, do not.
 *
 * @throws TypeError.
 */
export function checkOptions<Options extends object>(options: Options | undefined, known: OptionNames<Options>, argument = 'options'): Partial<Options> {
  if (options === undefined) return NONE as Partial<Options>;
  if (!isPlain(options)) throw typeError(argument, 'an object of options', options, hintFor(options, known));
  // `for in` and `in` are what V8 answers from the object's shape: the usual options cost some nanoseconds.
  for (const key in options) {
    if (!Object.hasOwn(known, key) && (options as Record<string, unknown>)[key] !== undefined && !isOfRoot(options, key)) throw unknownOption(key, Object.keys(known), argument);
  }
  return options;
}

/** Whether no class made it: of all its prototypes only the root, where every realm has its own, has a constructor. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  let prototype = prototypeOf(value);
  while (prototype !== null && prototype !== Object.prototype) {
    const next = prototypeOf(prototype);
    if (next !== null && Object.hasOwn(prototype, 'constructor')) return false;
    prototype = next;
  }
  return true;
}

function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

/** Whether it is no key of the object's own, but of its realm's `Object.prototype`. */
function isOfRoot(options: object, key: string): boolean {
  for (let object: object | null = options; object !== null; object = prototypeOf(object)) {
    if (Object.hasOwn(object, key)) return object !== options && prototypeOf(object) === null;
  }
  return false;
}

function unknownOption(key: string, known: readonly string[], argument: string): TypeError {
  const near = nearest(key, known);
  const given = key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key;
  return valueError(`unknown option '${given}'${near === undefined ? '' : `; did you mean '${near}'?`} (${argument} may have: ${known.join(', ')})`);
}

/** What stands in place of an options object is often the option itself. */
function hintFor(given: unknown, known: object): string | undefined {
  const mean = (option: string) => `Did you mean { ${option} }?`;
  if (typeof given === 'number') {
    const name = ['timeout', 'period'].find(option => option in known);
    return name && mean(`${name}: ${given}`);
  }
  if (typeof given !== 'object' || given === null || !('signal' in known)) return undefined;
  return 'aborted' in given ? mean('signal') : 'signal' in given ? mean('signal: controller.signal') : undefined;
}

/** The known word that is most like the given one; `undefined` if none is like it at all. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const given = word.toLowerCase();
  const [best] = known.map(name => ({ name, distance: distance(given, name.toLowerCase()) })).sort((one, other) => one.distance - other.distance);
  if (best !== undefined && best.distance <= Math.max(1, Math.floor(Math.min(word.length, best.name.length) / 3))) return best.name;
  return known.find(name => given.length <= LONGEST_KEY && given.includes(name.toLowerCase()));
}

/** Levenshtein's: how many letters are to be put in, left out or changed. */
function distance(one: string, other: string): number {
  const letters = one.slice(0, LONGEST_KEY);
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= letters.length; at++) {
    const next = [at];
    for (let to = 1; to <= other.length; to++) {
      const change = (row[to - 1] ?? 0) + (letters[at - 1] === other[to - 1] ? 0 : 1);
      next.push(Math.min(change, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
