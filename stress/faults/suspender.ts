import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Peer } from '../peers/peer.js';

/** Stops processes, and lets them go on. */
export interface Suspender extends AsyncDisposable {
  /** None of its threads runs any more when this has come back. */
  suspend(peer: Peer): Promise<void>;
  resume(peer: Peer): Promise<void>;
}

export function startSuspender(): Promise<Suspender> {
  return process.platform === 'win32' ? suspendByHelper() : Promise.resolve(bySignals);
}

async function suspendByHelper(): Promise<Suspender> {
  const helper = await Peer.start('helper64');
  return {
    async suspend({ processId }) {
      await helper.send('suspend', processId);
    },
    async resume({ processId }) {
      await helper.send('resume', processId);
    },
    [Symbol.asyncDispose]: () => helper.exit(),
  };
}

const bySignals: Suspender = {
  async suspend(peer) {
    process.kill(peer.processId, 'SIGSTOP');
    // A thread that runs on another processor stops a moment after the signal.
    while (!peer.hasEnded && !standsStill(peer.processId)) await setImmediate();
  },
  resume({ processId }) {
    process.kill(processId, 'SIGCONT');
    return Promise.resolve();
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function standsStill(processId: number): boolean {
  const tasks = `/proc/${processId}/task`;
  // The state follows the name, which stands in parentheses and may have some of its own.
  return readdirSync(tasks).every(thread => /\) [Tt] [^)]*$/.test(readFileSync(`${tasks}/${thread}/stat`, 'latin1')));
}
