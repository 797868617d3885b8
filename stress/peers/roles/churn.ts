import { Event, Mutex, Semaphore } from 'waitable';

/** How many names the role `sets` makes objects under. */
export const CHURNED_NAMES = 6;
const CLOSED_WHILE_OWNED = 3;
const KINDS = [Mutex, Semaphore, Event] as const;

/** Makes, opens and closes one of the objects whose names all players of `sets` share; `helper/common/churn.c` does the same. */
export function churn(stem: number, round: number): void {
  const which = round % CHURNED_NAMES;
  using object = makeChurned(stem, which);
  using again = churnedKind(which).open(churnedName(stem, which));
  // Somebody else may own it, and keep it for good.
  if (again instanceof Mutex && which !== CLOSED_WHILE_OWNED && again.waitSync(0).status !== 'timeout') again.release();
  object.close();
}

/** Where nobody else has it, it is new. */
export function makeChurned(stem: number, which: number): Mutex | Semaphore | Event {
  const name = churnedName(stem, which);
  switch (churnedKind(which)) {
    case Mutex: return Mutex.create(name, { initiallyOwned: which === CLOSED_WHILE_OWNED });
    case Semaphore: return Semaphore.create(name, { initialCount: 1, maximumCount: 1 });
    default: return Event.create(name, { initialState: true });
  }
}

/** The class whose objects have that name. */
export function churnedKind(which: number): typeof Mutex | typeof Semaphore | typeof Event {
  return KINDS[which % KINDS.length] ?? Event;
}

export function churnedName(stem: number, which: number): string {
  return `waitable-stress churn ${stem} ${which}`;
}
