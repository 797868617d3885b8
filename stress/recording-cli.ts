/** Measures what it costs to note how long waits, holds and hand-overs take. On Linux: beside a call of the kernel under Wine it is nothing. */
import { runOnMachines } from './machine/run-on-machines.js';

const { exitCode, notRun } = await runOnMachines(machine => machine.launch('x64', 'dist/stress/recording/main.js', []), { kernel: 'linux' });
for (const line of notRun) console.log(line);
process.exitCode = exitCode;
