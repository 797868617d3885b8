/** The wait thread, as it is where the system has no futex_waitv. */
import './no-futex-waitv.js';
import '../../workers/wait-thread.js';
