/** Run directly, to see whether this machine is able, and what it consists of: `npx tsx stress/machine/prepare.ts`. */
import { runPrepared } from './run-prepared.js';

process.exitCode = await runPrepared(machine => {
  for (const [name, value] of Object.entries({ ...machine.description, ...machine.environment })) {
    console.log(`${name.padEnd(16)} ${value}`);
  }
  console.log(`ready after ${performance.now().toFixed(0)} ms`);
  return 0;
});
