/*
 * How objects and locks look to people and programs outside: in a console (`util.inspect`), in a log (`JSON.stringify`), and to another thread (`structuredClone`, `postMessage`).
 */

/** The key of a method that `console.log` and `util.inspect` call. Node's, and the same in every realm. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as typeof INSPECT;

/** What Node gives to that method: not by its own types, which programs in TypeScript may not have. */
export interface InspectOptions {
  readonly depth?: number | null | undefined;
  stylize(text: string, style: 'special'): string;
}
export type Inspect = (value: unknown, options: InspectOptions) => string;

/** As an instance of a class with these members, but `kind`, which the class tells. The name of the class is a literal, which no minifier changes. */
export function inspected(className: string, members: object, depth: number, options: InspectOptions, inspect: Inspect): string {
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
