/** `npm run stress`: prepares the machine and starts the run where the kernel is, in a 64-bit Windows Node. */
import { readOptions } from './options.js';
import { runPrepared } from './machine/run-prepared.js';

const args = process.argv.slice(2);
readOptions(args); // a wrong command line ends here, before anything slow
process.exitCode = await runPrepared(machine => machine.launch('x64', 'dist/stress/main.js', args));
