import type { Address, System } from '../system/system.js';
import type { RobustEntry, RobustList } from '../system/robust-list.js';
import type { OwnDescriptors } from './own-descriptors.js';
import type { SharedFile } from './shared-file.js';
import type { Thread } from './thread.js';

/*
 * What the tables, the sleeps and the objects need of the session that they belong to. The session makes them, so they cannot import it.
 */

/** A shared file as one thread sees it. */
export interface View {
  readonly file: SharedFile;
  /** The file, as 32-bit words. */
  readonly words: Int32Array;
  /** The file, as float64s. */
  readonly doubles: Float64Array;
  readonly thread: Thread;
  readonly system: System;
  /** The thread's robust list. */
  readonly list: RobustList;
  readonly ownDescriptors: OwnDescriptors;
  /** The index of the thread among the clients; -1 until it is registered. */
  readonly client: number;
  /** @param offset - In bytes from the begin of the file. */
  addressOf(offset: number): Address;
  /** @param offset - Of the lock's word, in bytes from the begin of the file. */
  entryAt(offset: number): RobustEntry;
}

/** A view with what takes the namespace mutex, and with who takes part. */
export interface Namespace extends View {
  readonly clients: {
    alive(client: number): boolean;
    mayOwn(thread: number, registering: boolean): boolean;
    /** In a section that changes the structure. */
    reapEnded(thread: number): void;
  };
  /**
   * Runs the action as the holder of the namespace mutex.
   *
   * @throws FileFailure if it is everybody's, and somebody keeps it.
   */
  locked<Result>(action: () => Result): Result;
  /** The same, but waits no longer than so many ms; `undefined` then. */
  lockedWithin<Result extends object | number>(patience: number, action: () => Result): Result | undefined;
  /** The same, for what changes clients, references, objects or names. */
  changingWithin<Result extends object | number | symbol>(patience: number, action: () => Result): Result | undefined;
  /** Whether a section could begin, within so many ms. */
  passesWithin(patience: number): boolean;
  /**
   * Lets a wait-all that has marked the object come to its end. False if that one stands still.
   *
   * @param looks - How often this has been called in one try: from 1 on, and one more each time.
   */
  busy(looks: number, object: { unmark(): void }): boolean;
}
