/** All copies of the library that share a `process` share this: with a listener each, a test runner that resets its modules would be warned of a leak. */
const KEY = Symbol.for('waitable.exit@1');

/** Runs it when the thread ends in order, what came last first: until then it keeps alive what it refers to. */
export function atExit(action: () => void): void {
  (actionsOf(process) ?? listen(new Set())).add(action);
}

export function notAtExit(action: () => void): void {
  actionsOf(process)?.delete(action);
}

function actionsOf(owner: object): Set<() => void> | undefined {
  return Reflect.get(owner, KEY) as Set<() => void> | undefined;
}

function listen(actions: Set<() => void>): Set<() => void> {
  Reflect.defineProperty(process, KEY, { value: actions });
  process.once('exit', () => {
    for (const action of [...actions].reverse()) action();
  });
  return actions;
}
