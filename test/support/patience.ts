/**
 * The timeout, in ms, of waits that have to succeed, and of waits that pend while a test does something else. It only ends what a bug left
 * waiting: no test gets as far, and none asserts a time.
 */
export const PATIENCE = 30_000;
