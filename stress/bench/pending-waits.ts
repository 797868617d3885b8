import { fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Event, Mutex } from 'waitable';
import { median } from '../statistics.js';

const NUMBERS = [1, 10, 100, 1000, 10_000] as const;
const SAMPLES = 200;
const MEMORY_SAMPLE = 10_000;
const LOOP_WAITS = 1000;
const LOOP_TIME = 3000;
/** The most that one more pending wait may take. */
export const PENDING_BYTES_BUDGET = 2048;

export interface PendingFigures {
  /** From `set()` to the continuation of one wait, in µs, by how many waits pend on the same event. */
  readonly wakeUp: readonly { readonly pending: number; readonly microseconds: number }[];
  /** Heap that one more pending wait takes, in bytes. */
  readonly bytes: { readonly event: number; readonly mutex: number };
  /** What the first wait thread adds to the process, in bytes. */
  readonly threadBytes: number;
  /** The event loop's delay, 99th percentile in ms. */
  readonly loopDelay: { readonly idle: number; readonly pending: number };
}

/** What waits cost that have not come to their end. */
export async function measurePending(): Promise<PendingFigures> {
  const threadBytes = await firstThread();
  const wakeUp = [];
  for (const pending of NUMBERS) wakeUp.push({ pending, microseconds: await wakeUpAmong(pending) });
  return { wakeUp, bytes: { event: await heapOfWaits(), mutex: await heapOfAcquires() }, threadBytes, loopDelay: await loopDelays() };
}

/** In a process of its own: what was measured before has left memory behind in this one, which the system takes back at any time. */
async function firstThread(): Promise<number> {
  const child = fork(new URL('first-thread-main.js', import.meta.url));
  const [[bytes]] = await Promise.all([once(child, 'message'), once(child, 'exit')]) as [[number], unknown];
  return bytes;
}

async function wakeUpAmong(pending: number): Promise<number> {
  const event = Event.create();
  const waits: Promise<unknown>[] = Array.from({ length: pending }, () => event.wait());
  const samples = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    waits.push(event.wait()); // one comes for each that goes
    const next = waits.shift();
    await delay(1);
    const began = performance.now();
    event.set();
    await next;
    samples.push((performance.now() - began) * 1000);
  }
  event.close();
  await Promise.allSettled(waits);
  return median(samples);
}

async function heapOfWaits(): Promise<number> {
  const event = Event.create();
  return heapOf(() => event.wait(), () => event.close());
}

async function heapOfAcquires(): Promise<number> {
  const mutex = Mutex.create();
  await mutex.acquire();
  return heapOf(() => mutex.acquire(), () => mutex.close());
}

async function heapOf(wait: () => Promise<unknown>, close: () => void): Promise<number> {
  await settleDown();
  const before = process.memoryUsage().heapUsed;
  const waits = Array.from({ length: MEMORY_SAMPLE }, wait);
  await settleDown();
  const bytes = (process.memoryUsage().heapUsed - before) / MEMORY_SAMPLE;
  close();
  await Promise.allSettled(waits);
  return bytes;
}

async function loopDelays(): Promise<{ idle: number; pending: number }> {
  const idle = await loopDelay();
  const event = Event.create();
  const waits = Array.from({ length: LOOP_WAITS }, () => event.wait());
  const pending = await loopDelay();
  event.close();
  await Promise.allSettled(waits);
  return { idle, pending };
}

async function loopDelay(): Promise<number> {
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await delay(LOOP_TIME);
  monitor.disable();
  return monitor.percentile(99) / 1e6;
}

async function settleDown(): Promise<void> {
  await delay(300);
  collect();
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
