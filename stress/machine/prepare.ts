/** Run directly, to see what this system is able to run, and with what: `npx tsx stress/machine/prepare.ts`. */
import { kernelTitles } from './kernels.js';
import { runOnMachines } from './run-on-machines.js';

const { exitCode, notRun } = await runOnMachines(machine => {
  console.log(kernelTitles[machine.kernel]);
  for (const [name, value] of Object.entries({ ...machine.description, ...machine.environment })) {
    console.log(`  ${name.padEnd(20)} ${value}`);
  }
  return 0;
});
for (const line of notRun) console.log(line);
console.log(`ready after ${performance.now().toFixed(0)} ms`);
process.exitCode = exitCode;
