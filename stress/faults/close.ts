import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { ClosedError, Event, Mutex, Semaphore } from 'waitable';
import type { ScenarioContext, SharedObject } from '../runner/scenario-context.js';
import type { Random } from '../util/random.js';
import { atOnce, type Fault } from '../runner/fault.js';

const WAITS = 3;
/** How long they go on before the close, in ms. */
const LONGEST = 20;

export const close: Fault = {
  name: 'close',
  summary: 'the runner waits for an object of the contenders\' through a handle of its own, and closes that under its waits: each ends with a ClosedError, and what one has won is given back',
  usualRate: 5,
  whyNotHere: () => undefined,
  arm: atOnce(closeUnderWaits),
};

async function closeUnderWaits(context: ScenarioContext, random: Random): Promise<void> {
  const shared = random.pick(context.objects);
  if (shared === undefined) return;
  const handle = openAgain(shared);
  const endings = Array.from({ length: WAITS }, () => waitUntilClosed(handle, shared).then(() => undefined, (error: unknown) => error));
  await delay(random.between(0, LONGEST));
  handle.close();
  context.recordFault('close');
  for (const error of await Promise.all(endings)) context.check('a wait for what is closed ends with a ClosedError', error instanceof ClosedError, String(error));
}

function openAgain({ name, object }: SharedObject): Mutex | Semaphore | Event {
  if (object instanceof Mutex) return Mutex.open(name);
  return object instanceof Semaphore ? Semaphore.open(name) : Event.open(name);
}

/** Takes it and gives it back over and over. What is given back goes through the object itself: the handle may be closed by then. */
async function waitUntilClosed(handle: Mutex | Semaphore | Event, { object, staysSet }: SharedObject): Promise<never> {
  for (;;) {
    if (handle instanceof Event) {
      await handle.wait();
      if (object instanceof Event && !staysSet) object.set();
    } else {
      (await handle.acquire()).release();
    }
    await setImmediate(); // an object that is free is taken without a turn of the event loop
  }
}
