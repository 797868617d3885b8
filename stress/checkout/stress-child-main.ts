/** The stress run where the kernel is: in a Node with the machine prepared. `run-on-machine.ts` launches it, gives it its configuration, and hears of it by lines on stdout. */
import { builtIn } from '../built-in.js';
import { EXIT } from '../util/exit-codes.js';
import { Interruption } from '../util/interruption.js';
import { NoScenariosError } from '../scenarios/load.js';
import { decodeRunConfig } from './run-config-codec.js';
import { runAndEmit } from '../runner/run-and-emit.js';

const [text = ''] = process.argv.slice(2);
// The module of --load was loaded by the command already, but in another Node, which may find other dependencies for it.
const config = await decodeRunConfig(text).catch((error: unknown) => {
  if (!(error instanceof NoScenariosError)) throw error;
  console.error(`error: --load: ${error.message}`);
  process.exit(EXIT.couldNotRun);
});
using interruption = new Interruption();
const { exitCode, isStuck } = await runAndEmit(builtIn, config, interruption.signal, event => process.stdout.write(`${JSON.stringify(event)}\n`));
process.exitCode = exitCode;
// A thread that is blocked in the kernel would hold up an orderly exit: at the latest its wait's limit ends it. The other peers end with this process.
if (isStuck) process.stdout.write('', () => process.exit());
