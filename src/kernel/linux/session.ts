import { now } from './system/clock.js';
import { ClientTable } from './tables/client-table.js';
import { ObjectTable } from './tables/object-table.js';
import { FileFailure, heldUp } from './file/failure.js';
import { HEADER } from './file/layout.js';
import { MutexObject } from './objects/mutex.js';
import { OwnDescriptors } from './file/own-descriptors.js';
import { HandleTable } from './tables/handle-table.js';
import { repair } from './repair.js';
import { RobustList, type RobustEntry } from './system/robust-list.js';
import type { SharedFile } from './file/shared-file.js';
import type { Namespace } from './file/view.js';
import { sleepOn } from './sleep/sleep.js';
import { STANDSTILL } from './sleep/standstill.js';
import type { System } from './system/system.js';
import type { Thread } from './file/thread.js';
import { WAIT_ABANDONED_0, WAIT_TIMEOUT } from '../status.js';

/** Turns of a loop that cost less than a system call. */
const SPINS = 100;
const YIELDS = 40;

/** In ms. */
const PATIENCE = 1000;
/** For so long, in ms, the namespace mutex of everybody's file is waited for; and once it was not to be had, until it is. */
const EVERYONE_PATIENCE = 5000;
const LITTLE_PATIENCE = 20;

/** From so many ms on there are pauses of a ms between two looks at a mark. */
const SLOW = 2;

/**
 * A shared file as this thread takes part in it: its place in it, and the namespace mutex.
 */
export class Session implements Namespace {
  readonly file: SharedFile;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly thread: Thread;
  readonly system: System;
  readonly list: RobustList;
  readonly clients: ClientTable;
  readonly handleTable: HandleTable;
  readonly objectTable: ObjectTable;
  readonly ownDescriptors: OwnDescriptors;
  readonly #mutex: MutexObject;
  #patience: number;
  /** The index of this thread among the clients. */
  readonly client: number;
  /** When the mark was found that `busy` was asked about last. */
  #busySince = 0;

  /** @throws FileFailure */
  constructor(file: SharedFile, thread: Thread) {
    this.file = file;
    this.words = file.words;
    this.doubles = file.doubles;
    this.thread = thread;
    this.system = thread.system;
    this.list = thread.listFor(file);
    this.ownDescriptors = new OwnDescriptors(file.own, thread.system.files);
    this.objectTable = new ObjectTable(this);
    this.handleTable = new HandleTable(this, this.objectTable);
    this.clients = new ClientTable(this, this.handleTable, this.objectTable);
    this.#mutex = new MutexObject(this, 0, -1);
    this.#patience = file.audience === 'everyone' ? EVERYONE_PATIENCE : Infinity;
    thread.cutSections.add(this.#mutex, this.list);
    this.client = -1; // nobody, until it is registered
    this.client = this.#register();
  }

  /** Of everybody's file, any user may have the namespace mutex, and stand still. */
  #register(): number {
    const register = () => this.clients.register();
    const client = this.file.audience === 'user' ? this.changing(register) : this.changingWithin(PATIENCE, register);
    if (client === undefined) throw heldUp(this.file.folder);
    return client;
  }

  addressOf(offset: number): number {
    return this.file.address + offset;
  }

  entryAt(offset: number): RobustEntry {
    return RobustList.entryAt(this.file, offset);
  }

  /**
   * Runs it as the holder of the namespace mutex. It must be short: it may hold up everybody else. Sections of one session do not nest: see `CutSections`.
   *
   * @throws FileFailure if it is everybody's, and somebody keeps it: any user may, and for ever.
   */
  locked<Result>(action: () => Result): Result {
    this.thread.cutSections.expect(false);
    this.#lock(Infinity);
    return this.#holding(action);
  }

  /** The same, but waits no longer than so many ms for the namespace mutex, which a process that stands still may have; `undefined` then. */
  lockedWithin<Result extends object | number>(patience: number, action: () => Result): Result | undefined {
    this.thread.cutSections.expect(false);
    return this.#lock(patience) ? this.#holding(action) : undefined;
  }

  /** Whether a section could begin, within so many ms. */
  passesWithin(patience: number): boolean {
    return this.lockedWithin(patience, () => 0) !== undefined;
  }

  /** The same, for what changes clients, references, objects or names. */
  changing<Result>(action: () => Result): Result {
    this.thread.cutSections.expect(true);
    this.#lock(Infinity);
    return this.#holding(() => this.#change(action));
  }

  /** The same within so many ms, and without a sleep that others would have to end. */
  changingWithin<Result extends object | number | symbol>(patience: number, action: () => Result): Result | undefined {
    const { cutSections } = this.thread;
    cutSections.expect(true);
    cutSections.leave(this.#mutex);
    for (let time = 0; ; time++) {
      const status = this.#mutex.tryTakeAlways();
      if (status === WAIT_ABANDONED_0) this.#repair();
      if (status !== WAIT_TIMEOUT) break;
      if (time >= patience) return undefined;
      this.system.pause(1);
    }
    return this.#holding(() => this.#change(action));
  }

  /** A FileFailure leaves all whole. What anything else leaves, as the end of the stack, the next holder repairs. */
  #holding<Result>(action: () => Result): Result {
    let result: Result;
    try {
      result = action();
    } catch (error) {
      if (error instanceof FileFailure) this.#mutex.release();
      else this.#mutex.abandon();
      throw error;
    }
    this.#mutex.release();
    return result;
  }

  #change<Result>(action: () => Result): Result {
    Atomics.store(this.words, HEADER.CHANGING, 1);
    let result: Result;
    try {
      result = action();
    } catch (error) {
      if (error instanceof FileFailure) Atomics.store(this.words, HEADER.CHANGING, 0);
      throw error;
    }
    Atomics.store(this.words, HEADER.CHANGING, 0);
    return result;
  }

  /**
   * False when it could not be had within so many ms.
   *
   * @throws FileFailure if it is everybody's, and somebody keeps it for longer than is waited for at all.
   */
  #lock(patience: number): boolean {
    const mutex = this.#mutex;
    this.thread.cutSections.leave(mutex);
    const most = patience <= EVERYONE_PATIENCE ? patience : Math.min(patience, this.#patience);
    for (let deadline: number | undefined; ;) {
      const status = mutex.tryTakeAlways();
      if (status === WAIT_ABANDONED_0) this.#repair();
      if (status !== WAIT_TIMEOUT) break;
      const time = now();
      deadline ??= time + most;
      if (time >= deadline) {
        if (patience === most) return false;
        this.#patience = LITTLE_PATIENCE;
        throw heldUp(this.file.folder);
      }
      if (mutex.arm(time)) sleepOn(this.system, [mutex], deadline, time);
    }
    if (this.#patience === LITTLE_PATIENCE) this.#patience = EVERYONE_PATIENCE;
    return true;
  }

  #repair(): void {
    try {
      repair(this);
    } catch (error) {
      // To be found by the next one as it was found here.
      this.#mutex.abandon();
      throw error;
    }
  }

  /**
   * An object is marked by a wait-all, which takes it or leaves it within microseconds. If that thread has died, whoever gets the namespace mutex next repairs what it left: so it is tried for now and then.
   *
   * | who has the namespace mutex      | this gives |
   * |----------------------------------|------------|
   * | nobody, or a dead thread         | true: repaired, the mark is gone |
   * | the marker, or others after it   | true: look again, the mark goes soon |
   * | a thread that stands still, since `STANDSTILL` | false: a try has failed, since the object is being taken; a wait sleeps until the mark goes, or its time is over |
   *
   * @param looks - How often this has been called in one try: from 1 on, and one more each time.
   */
  busy(looks: number, object: { unmark(): void }): boolean {
    if (looks < SPINS) return true;
    if (looks === SPINS) this.#busySince = now();
    if (looks % YIELDS !== 0) {
      this.system.yield();
      return true;
    }
    // Under the namespace mutex there is no other thread's mark, but one that some program has written over the memory.
    if (this.lockedWithin(0, () => {
      object.unmark();
      return 0;
    }) !== undefined) return true;
    const time = now() - this.#busySince;
    if (time > SLOW) this.system.pause(1);
    return time < STANDSTILL;
  }
}
