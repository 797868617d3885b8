import type { Scenario } from '../runner/scenario.js';
import { broadcast } from './broadcast.js';
import { flows, flowsHurried, flowsKilled } from './flows.js';
import { history, historyKilled } from './history.js';
import { killedAnywhere, killedHolder } from './kills.js';
import { killedTaking } from './killed-taking.js';
import { waitAll, waitAny } from './mixed.js';
import { mutex } from './mutex.js';
import { pingPong } from './ping-pong.js';
import { semaphore } from './semaphore.js';
import { starvation } from './starvation.js';

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  mutex, semaphore, pingPong, broadcast, waitAny, waitAll, killedHolder, killedAnywhere, killedTaking, flows, flowsHurried, flowsKilled, history, historyKilled,
  // Windows promises no order to those who wait.
  ...process.platform === 'win32' ? [] : [starvation],
];
