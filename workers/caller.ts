/** Entry point of the thread that calls one helper over RPC or COM. Each call blocks it until the reply is there. */
import { parentPort, workerData } from 'node:worker_threads';
import type { CallerCommand, CallerMessage } from '../stress/peers/transports/caller.js';
import { CallError, connect, type Client, type Target } from '../stress/peers/transports/client.js';

if (parentPort === null) throw new Error('workers/caller is the entry point of a worker thread');
const port = parentPort;

const client = attempt(() => connect(workerData as Target));
if (client !== undefined) port.on('message', (command: CallerCommand) => obey(client, command));

function obey(client: Client, command: CallerCommand): void {
  const reply = command === null ? undefined : attempt(() => client.execute(command));
  if (reply !== undefined) {
    tell({ reply });
  } else {
    // Before anything else: what is in the port's queue would come in all the same.
    port.removeAllListeners('message');
    client.disconnect();
    port.close();
  }
}

/** `undefined` when it failed, which has been told then. */
function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    tell({ failure: error.message });
    return undefined;
  }
}

function tell(message: CallerMessage): void {
  port.postMessage(message);
}
