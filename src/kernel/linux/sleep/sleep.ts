import { now } from '../system/clock.js';
import { checkFilesNowAndThen } from './file-watch.js';
import { HEADER } from '../file/layout.js';
import type { View } from '../file/view.js';
import { announceSleeper } from './wake.js';
import type { System } from '../system/system.js';

/**
 * No sleep is longer, in ms. Wakes are not missed; this is for the few that nobody can give: see the tables of deaths of the objects, and a thread of this process that
 * has to end. And it is how soon a sleeper looks again whether who stands in its way is still there: see "Fairness" in `shared-object.ts`, and `MutexObject`.
 */
const LONGEST_SLEEP = 250;
/** The same for sleeps that cannot be woken by all that they are for. */
const SHORT_SLEEP = 10;

/** What is slept for: the word of an object that has been armed, or a descriptor. */
export interface Sleeper {
  readonly session: View;
  /** Of the word that is slept on. */
  readonly address: number;
  /** What the word has until somebody wakes. */
  readonly expected: number;
  /** Of what can only be waited for by `poll`; else -1. */
  readonly descriptor: number;
  /** When it becomes signalled without anybody's doing, in ms of the monotonic clock. */
  readonly due: number;
  /**
   * Makes signallers wake sleepers. False when it is signalled, or about to be.
   *
   * @param time - Of the monotonic clock.
   */
  arm(time: number): boolean;
}

/** Whether the system has futex_waitv; some filters of system calls deny it. */
let many = true;

/** For tests: as if this were an older Linux. */
export function withoutFutexWaitv(): void {
  many = false;
}

/**
 * Sleeps until one of the objects may be signalled, but not beyond `deadline` (of the monotonic clock). All have been armed.
 *
 * @throws FileFailure, before it sleeps, if the files are found to have been removed.
 * @param time - Of the monotonic clock, just now: to ask for it once more costs as much as a system call.
 */
export function sleepOn(system: System, objects: readonly Sleeper[], deadline: number, time: number): void {
  checkFilesNowAndThen(objects, time);
  const [first] = objects;
  const simple = objects.length === 1 && first !== undefined && first.descriptor < 0 && first.due === Infinity;
  const left = deadline === Infinity ? LONGEST_SLEEP : Math.min(LONGEST_SLEEP, deadline - time);
  if (left <= 0) return;
  if (simple) system.sleep(first.address, first.expected, left);
  else fallAsleep(system, objects, time + left);
}

function fallAsleep(system: System, objects: readonly Sleeper[], latest: number): void {
  let until = latest;
  let descriptors: number[] | undefined;
  for (const object of objects) {
    if (object.due < until) until = object.due;
    if (object.descriptor >= 0) (descriptors ??= []).push(object.descriptor);
  }
  if (descriptors === undefined) sleepOnWords(system, objects, until);
  else sleepWithProcesses(system, objects, descriptors, until);
}

/** Futexes and descriptors cannot be slept on together. Processes alone are slept on; beside other objects they are looked at every few ms. */
function sleepWithProcesses(system: System, objects: readonly Sleeper[], descriptors: readonly number[], until: number): void {
  const others = objects.filter(object => object.descriptor < 0);
  if (others.length > 0) sleepOnWords(system, others, Math.min(until, now() + SHORT_SLEEP));
  else system.poll(descriptors, Math.max(0, until - now()));
}

function sleepOnWords(system: System, objects: readonly Sleeper[], until: number): void {
  if (many) {
    objects.forEach((object, place) => system.prepareSleep(place, object.address, object.expected));
    many = system.sleepOnMany(objects.length, until) !== undefined;
    if (many) return;
  }
  sleepOnSequence(system, objects, until);
}

/** Whoever wakes a sleeper of an object changes SEQUENCE too. The kernel does not, when the owner of a mutex dies: hence the short sleep. */
function sleepOnSequence(system: System, objects: readonly Sleeper[], until: number): void {
  const sessions = new Set(objects.map(({ session }) => session));
  for (const session of sessions) {
    const sequence = announceSleeper(session.words, HEADER.SEQUENCE);
    if (objects.some(object => !object.arm(now()))) return;
    const time = Math.min(until - now(), SHORT_SLEEP / sessions.size);
    if (time > 0) system.sleep(session.addressOf(HEADER.SEQUENCE * 4), sequence, time);
  }
}
