import { setImmediate } from 'node:timers/promises';
import { Event, SyncError } from 'waitable';
import type { ScenarioContext } from '../runner/scenario-context.js';
import { atOnce, type Fault } from '../runner/fault.js';

const MOST = 4096;
/** Between two turns of the event loop. */
const AT_A_TIME = 256;

export const exhaust: Fault = {
  name: 'exhaust',
  summary: `the runner opens objects until it is refused, ${MOST.toLocaleString('en')} at the most, and closes them again`,
  usualRate: 1,
  whyNotHere: () => undefined,
  arm: atOnce(openAndClose),
};

async function openAndClose(context: ScenarioContext): Promise<void> {
  const opened: Event[] = [];
  try {
    while (opened.length < MOST) {
      opened.push(Event.create());
      if (opened.length % AT_A_TIME === 0) await setImmediate();
    }
  } catch (error) {
    context.check('who is refused an object gets a clear error', error instanceof SyncError && error.errno !== 0, String(error));
  }
  context.recordFault('exhaust');
  for (const object of opened) object.close();
  using event = Event.create(undefined, { initialState: true });
  context.checkEqual('what was closed can be opened again', Number(event.waitSync(0).status === 'signaled'), 1);
}
