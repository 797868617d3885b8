/** The stress run where the kernel is: in a Node with the machine prepared. `cli.ts` launches it, gives it its order, and hears of it by lines on stdout. */
import { Interruption } from './interruption.js';
import { decodeOrder } from './order.js';
import { runAndTell } from './run-and-tell.js';

const [order = ''] = process.argv.slice(2);
using interruption = new Interruption();
const { exitCode, isStuck } = await runAndTell(await decodeOrder(order), interruption.signal, message => process.stdout.write(`${JSON.stringify(message)}\n`));
process.exitCode = exitCode;
// A thread that is blocked in the kernel would hold up an orderly exit: at the latest its wait's limit ends it. The other peers end with this process.
if (isStuck) process.stdout.write('', () => process.exit());
