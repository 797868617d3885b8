/** Measures what it costs to note how long waits, holds and hand-overs take, on each machine. */
import { launchEverywhere } from './machine/launch-everywhere.js';

process.exitCode = await launchEverywhere('dist/stress/recording/main.js', [], { json: false, kernel: 'linux' });
