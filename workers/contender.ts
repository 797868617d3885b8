/** Entry point of a thread that is a peer of the stress run: commands and replies are messages. */
import { parentPort, threadId } from 'node:worker_threads';
import { inOrder } from '../stress/peers/protocol/in-order.js';
import { Interpreter } from '../stress/peers/protocol/interpreter.js';

if (parentPort === null) throw new Error('workers/contender is the entry point of a worker thread');
const port = parentPort;

const interpreter = new Interpreter({
  threadId,
  die: exitCode => process.exit(exitCode),
  exit: () => setImmediate(() => process.exit(0)),
});

port.on('message', inOrder(interpreter, reply => port.postMessage(reply)));
