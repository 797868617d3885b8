import { fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Event, Mutex } from 'waitable';
import type { Figures, PendingFigures } from '../report/benchmark-run.js';
import { figuresOf } from './measure.js';
import { partOf, type Scale } from './scale.js';

const NUMBERS = [1, 10, 100, 1000, 10_000] as const;
const SAMPLES = 200;
const MEMORY_SAMPLE = 10_000;
const LOOP_WAITS = 1000;
/** In ms. */
const LOOP_TIME = 3000;

export async function measurePending(scale: Scale): Promise<PendingFigures> {
  const threadMegabytes = await firstThread() / 2 ** 20;
  const wakeUp = await wakeUps(partOf(SAMPLES, scale));
  const waits = partOf(MEMORY_SAMPLE, scale);
  const bytes = { event: await heapOfWaits(waits), mutex: await heapOfAcquires(waits) };
  return { wakeUp, bytes, threadMegabytes, loopDelay: await loopDelays(partOf(LOOP_TIME, scale)) };
}

/** In a process of its own: what was measured before has left memory behind in this one, which the system takes back at any time. */
async function firstThread(): Promise<number> {
  const child = fork(new URL('first-thread-main.js', import.meta.url));
  const [[bytes]] = await Promise.all([once(child, 'message'), once(child, 'exit')]) as [[number], unknown];
  return bytes;
}

async function wakeUps(samples: number): Promise<Figures> {
  const among = (pending: number) => `with ${pending.toLocaleString('en')} pending`;
  const taken = new Map<string, number[]>();
  for (const pending of NUMBERS) taken.set(among(pending), await wakeUpAmong(pending, samples));
  const what = { name: 'wake-up of a wait for an event', subject: among(Math.max(...NUMBERS)), against: among(Math.min(...NUMBERS)), extent: `${samples} wake-ups` };
  return figuresOf(what, taken);
}

/** In ns. */
async function wakeUpAmong(pending: number, samples: number): Promise<number[]> {
  const event = Event.create();
  const waits: Promise<unknown>[] = Array.from({ length: pending }, () => event.wait());
  const taken = [];
  while (taken.length < samples) {
    waits.push(event.wait()); // one comes for each that goes
    const next = waits.shift();
    await delay(1);
    const began = performance.now();
    event.set();
    await next;
    taken.push((performance.now() - began) * 1e6);
  }
  event.close();
  await Promise.allSettled(waits);
  return taken;
}

async function heapOfWaits(waits: number): Promise<number> {
  const event = Event.create();
  return heapOf(waits, () => event.wait(), () => event.close());
}

async function heapOfAcquires(waits: number): Promise<number> {
  const mutex = Mutex.create();
  await mutex.acquire();
  return heapOf(waits, () => mutex.acquire(), () => mutex.close());
}

async function heapOf(number: number, wait: () => Promise<unknown>, close: () => void): Promise<number> {
  await settleDown();
  const before = process.memoryUsage().heapUsed;
  const waits = Array.from({ length: number }, wait);
  await settleDown();
  const bytes = (process.memoryUsage().heapUsed - before) / number;
  close();
  await Promise.allSettled(waits);
  return bytes;
}

/** 99th percentiles, in ns. */
async function loopDelays(time: number): Promise<{ idle: number; pending: number }> {
  const idle = await loopDelay(time);
  const event = Event.create();
  const waits = Array.from({ length: LOOP_WAITS }, () => event.wait());
  const pending = await loopDelay(time);
  event.close();
  await Promise.allSettled(waits);
  return { idle, pending };
}

async function loopDelay(time: number): Promise<number> {
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await delay(time);
  monitor.disable();
  return monitor.percentile(99);
}

async function settleDown(): Promise<void> {
  await delay(300);
  collect();
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
