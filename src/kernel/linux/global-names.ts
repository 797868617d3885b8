import type { Created, Handle } from '../kernel.js';
import { ERROR_FILE_NOT_FOUND, ERROR_INVALID_HANDLE, ERROR_NO_SYSTEM_RESOURCES } from '../status.js';
import { now } from './system/clock.js';
import { FileFailure, heldUp } from './file/failure.js';
import { find, findOrMake, type Order, type Wanted } from './named-objects.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.js';

/** For so long, in ms, a name of this user's alone is held up by what other users do with everybody's file. */
const USER_PATIENCE = 1000;
/** The same for a name that was asked for everybody. */
const EVERYONE_PATIENCE = 5000;
/** For so long, in ms, everybody's file is left alone by who needs it for a name of this user's alone, once it could not be used. */
const RECOVERY = 10_000;
/** How often, in ms, it is looked for other users. */
const INTERVAL = 1000;

const BUSY = Symbol('busy');

/**
 * Names in `Global\`. One may be in the user's own file or in everybody's: the one that has it counts, whatever was asked for.
 *
 * So that it is never in both, who makes one holds the namespace mutexes of both files. Nobody waits for one of them with the other in his hands, so that a process of this user that stands still holds up this
 * user alone:
 *
 * | everybody's file | to make one |
 * |------------------|-------------|
 * | exists           | take everybody's mutex; then only try for the user's; if that is busy, let go, wait for it alone, and begin again |
 * | does not exist   | look for it once more with the user's mutex: who makes that file looks into this one afterwards |
 *
 * Everybody's file may be broken, locked or held up by any user. Names of this user's alone do not depend on it then: they do without, which a warning tells.
 *
 * An object of another user's that is not for everybody cannot be seen. A list of names that all users could write to would be the one way to see it, and then any user could hold up and take away
 * every other user's names, and each program would have to read memory that is hostile, although it shares nothing. So there is a second object, and a warning to whoever makes it where other users use the
 * library.
 */
export class GlobalNames {
  readonly #sessions: Sessions;
  #unusableUntil = -Infinity;
  #lookedAt = -Infinity;
  readonly #warned = new Set<string>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** @throws FileFailure */
  create(order: Order, forEveryone: boolean): Created {
    const created = forEveryone ? this.#create(order, true) : this.#without(() => this.#create(order, false), user => user.changing(() => findOrMake(user, order)));
    if (created.createdNew && !forEveryone) this.#warnOfOthers();
    return created;
  }

  #create(order: Order, forEveryone: boolean): Created {
    const user = this.#sessions.of('user', true);
    const patience = forEveryone ? EVERYONE_PATIENCE : USER_PATIENCE;
    for (;;) {
      const everyone = this.#sessions.of('everyone', forEveryone);
      const created = everyone === undefined ? this.#createAlone(user, order) : this.#createBeside(user, everyone, order, forEveryone, patience);
      if (created !== BUSY) return created;
      // Until it is free, without anything in hand.
      user.locked(() => undefined);
    }
  }

  #createAlone(user: Session, order: Order): Created | typeof BUSY {
    return user.changing(() => this.#sessions.of('everyone', false) === undefined ? findOrMake(user, order) : BUSY);
  }

  #createBeside(user: Session, everyone: Session, order: Order, forEveryone: boolean, patience: number): Created | typeof BUSY {
    const created = everyone.changingWithin(patience, (): Created | typeof BUSY => {
      const shared = find(everyone, order);
      if (shared !== 0) return { handle: shared, createdNew: false };
      if (!forEveryone) return user.changingWithin(0, () => findOrMake(user, order)) ?? BUSY;
      return user.changingWithin(0, (): Created => {
        const own = find(user, order);
        return own === 0 ? findOrMake(everyone, order) : { handle: own, createdNew: false };
      }) ?? BUSY;
    });
    if (created === undefined) throw heldUp(everyone.file.folder);
    return created;
  }

  /** @throws FileFailure */
  open(wanted: Wanted): Handle {
    const user = this.#sessions.of('user', true);
    const own = user.changing(() => find(user, wanted));
    const handle = own !== 0 ? own : this.#without(() => this.#openShared(wanted), () => 0);
    if (handle !== 0) return handle;
    throw new FileFailure({ errno: ERROR_FILE_NOT_FOUND, syscall: '', reason: 'no such object of this user or for everyone (what another user has made is seen only if it was made with security: \'everyone\')' });
  }

  #openShared(wanted: Wanted): Handle {
    const everyone = this.#sessions.of('everyone', false);
    if (everyone === undefined) return 0;
    const handle = everyone.changingWithin(USER_PATIENCE, () => find(everyone, wanted));
    if (handle === undefined) throw heldUp(everyone.file.folder);
    return handle;
  }

  /** Does it without everybody's file, if that cannot be used. */
  #without<Result>(action: () => Result, alone: (user: Session) => Result): Result {
    const user = this.#sessions.of('user', true);
    if (now() < this.#unusableUntil) return alone(user);
    try {
      return action();
    } catch (error) {
      // Of the user's own file, or of the object that was found.
      if (!(error instanceof FileFailure) || error.failure.errno === ERROR_INVALID_HANDLE || error.failure.errno === ERROR_NO_SYSTEM_RESOURCES) throw error;
      user.file.check();
      this.#unusableUntil = now() + RECOVERY;
      const result = alone(user);
      this.#warn('WAITABLE_EVERYONE_UNUSABLE', `names in Global\\ are this user's alone, because those of all users cannot be used: ${error.message}`);
      return result;
    }
  }

  #warnOfOthers(): void {
    if (now() - this.#lookedAt < INTERVAL) return;
    this.#lookedAt = now();
    const others = this.#sessions.otherUsers();
    if (others.length === 0) return;
    this.#warn('WAITABLE_GLOBAL_OF_USER', `on Linux a name in Global\\ is this user's alone unless its object is made with security: 'everyone'. Other users (${others.slice(0, 5).join(', ')}) use this library too, and under the same name they `
      + 'have another object. Say security: \'everyone\' if it is to be the same, or leave out Global\\ if it is not');
  }

  #warn(code: string, message: string): void {
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    process.emitWarning(message, { type: 'WaitableWarning', code });
  }
}
