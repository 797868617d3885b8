/**
 * The symbols that `using` looks for, from a module of their own: a context of `node:vm` has none in Node 20 and 22. There they are those that Node itself gave its main context.
 *
 * `using` itself looks for them in the globals, so this library does without it.
 */
const given = Symbol as { readonly dispose?: typeof Symbol.dispose; readonly asyncDispose?: typeof Symbol.asyncDispose };

export const DISPOSE: typeof Symbol.dispose = given.dispose ?? Symbol.for('nodejs.dispose') as typeof Symbol.dispose;
export const ASYNC_DISPOSE: typeof Symbol.asyncDispose = given.asyncDispose ?? Symbol.for('nodejs.asyncDispose') as typeof Symbol.asyncDispose;
