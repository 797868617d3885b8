/** Where the kernel is. */
import { toTables } from '../bench/tables.js';
import { measureRecording } from './measure.js';

console.log(toTables({ 'hot-paths': await measureRecording() }));
