import { Worker } from 'node:worker_threads';
import type { Transport } from './transport.js';

/** A worker thread of this process. Its pipe is a message port. */
export function threadTransport(): Transport {
  const worker = new Worker(new URL('../../../workers/contender.js', import.meta.url));
  return {
    send: line => worker.postMessage(line),
    onReply: listener => worker.on('message', listener),
    ended: endOfThread(worker),
    kill: () => void worker.terminate(),
  };
}

/** How a thread ended, once it has. */
export function endOfThread(worker: Worker): Promise<string> {
  return new Promise(resolve => {
    let how = '';
    worker.once('error', error => how = `${error.stack ?? error.message}; `);
    worker.once('exit', code => resolve(`${how}exit code ${code}`));
  });
}
