/*
 * The system's monotonic clock, in ms, the same in all processes. `performance.now()` counts it from this process's start, and costs half of what `process.hrtime()` does.
 */

const [seconds, nanoseconds] = process.hrtime();
const start = seconds * 1000 + nanoseconds / 1e6 - performance.now();

export function now(): number {
  return start + performance.now();
}
