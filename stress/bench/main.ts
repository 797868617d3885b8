/** The benchmark, where the kernel is: the hot paths of the library beside bare koffi, a C program and others, in turn in one run. */
import { Peer } from '../peers/peer.js';
import { measureHandOver } from './hand-over.js';
import { hotPaths } from './hot-paths.js';
import { measure, type Figures } from './measure.js';
import { readBenchOptions } from './options.js';
import { measurePending } from './pending-waits.js';
import { handOverTable, hotPathTable, pendingTable } from './tables.js';

const { rounds, iterations, json } = readBenchOptions(process.argv.slice(2));
const c = await Peer.start(process.arch === 'ia32' ? 'helper32' : 'helper64');
const figures: Figures[] = [];
try {
  for (const path of await hotPaths(c)) figures.push(await measure(path, rounds, iterations));
} finally {
  await c.exit();
}
const pending = await measurePending();
const handOver = await measureHandOver();

if (json) {
  console.log(JSON.stringify({ arch: process.arch, node: process.version, rounds, iterations, hotPaths: figures, pending, handOver }, undefined, 2));
} else {
  for (const path of figures) console.log(hotPathTable(path));
  console.log(`medians of ${rounds} rounds of ${iterations.toLocaleString('en')} operations each, in turn; ${process.arch}, Node ${process.version}`);
  console.log(pendingTable(pending));
  console.log(handOverTable(handOver));
}
