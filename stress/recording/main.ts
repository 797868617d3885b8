/** Where the kernel is. */
import { hotPathTable } from '../bench/tables.js';
import { measureRecording } from './measure.js';

const ROUNDS = 41;

for (const figures of await measureRecording({ rounds: ROUNDS, iterations: 1 })) console.log(hotPathTable(figures));
