/*
 * How objects and locks look to people and programs outside: in a console (`util.inspect`), in a log (`JSON.stringify`), and to another thread (`structuredClone`, `postMessage`).
 */

/** The key of a method that `console.log` and `util.inspect` call. Node's, and the same in every realm. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as typeof INSPECT;

/** What Node gives to that method: not by its own types, which programs in TypeScript may not have. */
export interface InspectOptions {
  readonly depth?: number | null | undefined;
  readonly customInspect?: boolean | undefined;
  stylize(text: string, style: 'special'): string;
}
export type Inspect = (value: unknown, options: InspectOptions) => string;

/** Those of what only looks like an object of this library. */
const ownMembers = new WeakSet<object>();

/**
 * What `members` gives; but of a prototype, of an object that inherits from one of this library, and of a proxy or a mock of one, which all lack what the members are read from, their own members: whoever
 * logs anything at all must not fail.
 */
export function membersOf<Members extends object>(object: object, members: () => Members): Members {
  try {
    return members();
  } catch {
    const own = { ...object };
    ownMembers.add(own);
    return own as Members;
  }
}

/**
 * As an instance of a class with these members, but `kind`, which the class tells. The name of the class is a literal, which no minifier changes.
 *
 * @param members - As `membersOf` gives them. What lacks them is shown as if it were of no class that says how.
 */
export function inspected(object: object, className: string, members: object, depth: number, options: InspectOptions, inspect: Inspect): string {
  if (ownMembers.has(members)) return inspect(object, { ...options, depth, customInspect: false });
  if (depth < 0) return options.stylize(`[${className}]`, 'special');
  const shown = Object.fromEntries(Object.entries(members).filter(([key]) => key !== 'kind'));
  return `${className} ${inspect(shown, { ...options, depth: options.depth === null || options.depth === undefined ? null : options.depth - 1 })}`;
}

/**
 * The value of a member of every object to wait for, which makes it, and what refers to it, impossible to clone: a clone would be an object without methods. The error tells this text.
 *
 * Copying takes members of the object itself alone, so it cannot be on the prototype. Locks do without, since they refer to their object.
 */
export const UNCLONEABLE = Symbol('an object of waitable, or a lock on it, belongs to the thread that made it: another one opens it by its name, and');
