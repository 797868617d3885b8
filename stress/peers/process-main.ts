/** Entry point of a Node process that is a peer: commands on stdin, replies on stdout. */
import './compile-in-foreground.js';
import { createInterface } from 'node:readline';
import { inOrder } from './protocol/in-order.js';
import { Interpreter } from './protocol/interpreter.js';

const interpreter = new Interpreter({
  threadId: 0,
  die(exitCode) {
    // On Windows this is TerminateProcess, as asked for; its exit code is always 1.
    process.kill(process.pid, 'SIGKILL');
    process.exit(exitCode);
  },
  exit: () => setImmediate(() => process.exit(0)),
});

process.on('SIGINT', () => undefined); // of a terminal: meant for who drives this peer

createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on('line', inOrder(interpreter, reply => process.stdout.write(`${reply}\n`)))
  .on('close', () => process.exit(0));
