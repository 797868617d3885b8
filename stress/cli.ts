/** `npm run stress`: prepares the machines and starts the run where the kernels are. */
import { launchEverywhere } from './machine/launch-everywhere.js';
import { readOptions } from './options.js';
import { randomSeed } from './random.js';

const args = process.argv.slice(2);
const { json, kernel, seed = randomSeed() } = readOptions(args); // a wrong command line ends here, before anything slow
process.exitCode = await launchEverywhere('dist/stress/main.js', [...args, '--seed', String(seed)], { json, kernel });
