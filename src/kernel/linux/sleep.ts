import { now } from './clock.js';
import { HEADER } from './layout.js';
import type { SharedObject } from './shared-object.js';
import { announceSleeper } from './sleepers.js';
import type { System } from './system.js';

/**
 * No sleep is longer, in ms. Wakes are not missed; this is for the few that nobody can give: see the tables of deaths of the objects, and a thread of this process that
 * has to end.
 */
export const CAP = 250;
/** The same for sleeps that cannot be woken by all that they are for. */
const SHORT_CAP = 10;

/** Whether the system has futex_waitv; some filters of system calls deny it. */
let many = true;

/** For tests: as if this were an older Linux. */
export function withoutFutexWaitv(): void {
  many = false;
}

/** A sleep that nobody ended lasts nearly as long as this. */
const LONG = CAP * 0.9;

/**
 * Sleeps until one of the objects may be signalled, but not beyond `deadline` (of the monotonic clock). All have been armed. Then mends what nobody was told of, if it was a long sleep.
 *
 * @param begin - The time; asking for it costs as much as a system call does.
 * @returns The time after it.
 */
export function sleepOn(system: System, objects: readonly SharedObject[], deadline: number, begin: number): number {
  fallAsleep(system, objects, begin, Math.min(deadline, begin + CAP));
  const end = now();
  if (end - begin > LONG) for (const object of objects) object.mend();
  return end;
}

function fallAsleep(system: System, objects: readonly SharedObject[], begin: number, latest: number): void {
  let until = latest;
  let descriptors: number[] | undefined;
  for (const object of objects) {
    if (object.due < until) until = object.due;
    if (object.descriptor >= 0) (descriptors ??= []).push(object.descriptor);
  }
  const [first] = objects;
  if (first === undefined) return;
  if (descriptors !== undefined) {
    sleepWithProcesses(system, objects, descriptors, until);
  } else if (objects.length === 1) {
    if (until > begin) system.sleep(first.address, first.expected, until - begin);
  } else {
    sleepOnWords(system, objects, until);
  }
}

/** Futexes and descriptors cannot be slept on together. Processes alone, or beside timers, are slept on; beside other objects they are looked at every few ms. */
function sleepWithProcesses(system: System, objects: readonly SharedObject[], descriptors: readonly number[], until: number): void {
  const others = objects.filter(object => object.descriptor < 0);
  if (others.length === 0) system.poll(descriptors, Math.max(0, until - now()));
  else sleepOnWords(system, others, Math.min(until, now() + SHORT_CAP));
}

function sleepOnWords(system: System, objects: readonly SharedObject[], until: number): void {
  if (many) {
    objects.forEach((object, place) => system.prepareSleep(place, object.address, object.expected));
    if (system.sleepOnMany(objects.length, until)) return;
    many = false;
  }
  sleepOnSequence(system, objects, until);
}

/** Whoever wakes a sleeper of an object changes SEQUENCE too. The kernel does not, when the owner of a mutex dies: hence the short sleep. */
function sleepOnSequence(system: System, objects: readonly SharedObject[], until: number): void {
  const spaces = new Set(objects.map(({ space }) => space));
  for (const space of spaces) {
    const sequence = announceSleeper(space.words, HEADER.SEQUENCE);
    if (objects.some(object => !object.arm())) return;
    const time = Math.min(until - now(), SHORT_CAP / spaces.size);
    if (time > 0) system.sleep(space.addressOf(HEADER.SEQUENCE * 4), sequence, time);
  }
}
