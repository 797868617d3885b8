/** Entry point of the library's wait thread. It never comes back to its event loop before it quits. */
import { isMainThread, workerData } from 'node:worker_threads';
import type { WaitThreadData } from '../src/async/wait-thread/protocol.js';
import { WaitLoop } from '../src/async/wait-thread/loop.js';

if (isMainThread) throw new Error('workers/wait-thread is the entry point of a worker thread');
new WaitLoop(workerData as WaitThreadData).run();
