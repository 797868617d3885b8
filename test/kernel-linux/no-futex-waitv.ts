import { withoutFutexWaitv } from '../../src/kernel/linux/sleep/sleep.js';

withoutFutexWaitv();
