/**
 * Keeps V8 from compiling baseline code in the background, in a process that is to end by `process.exit()`.
 *
 * Since Node 24 that is V8's default, and such a process hangs at its end about three times in a thousand on a busy machine: the background compiler asks
 * the main thread for a garbage collection, and the main thread, already past its last JavaScript, waits for the compiler to end
 * (https://github.com/nodejs/node/issues/54918). It happens in any program; a peer that hangs would hold up whoever drives it.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--no-concurrent-sparkplug');
