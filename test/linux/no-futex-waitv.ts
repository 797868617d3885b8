import { withoutFutexWaitv } from '../../src/kernel/linux/sleep.js';

withoutFutexWaitv();
