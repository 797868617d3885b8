/** Entry point of a Node that uses all techniques in its own direction. Writes the report of each, as it comes, as a line of JSON. */
import { techniques } from './index.js';
import { runHere } from './run-here.js';

process.on('SIGINT', () => undefined); // of a terminal: meant for who has started this
process.stdin.resume().on('close', () => process.exit(1)); // whoever started this has ended

const [seconds = 'NaN'] = process.argv.slice(2);
for (const technique of techniques) console.log(JSON.stringify(await runHere(technique, Number(seconds))));
process.exit(0);
