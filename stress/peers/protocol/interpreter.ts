import { Event, fromHandle, Mutex, Process, Semaphore, SyncError, Timer, waitAllSync, waitAnySync, type Waitable, type WaitResult } from 'waitable';
import { fromHandle32, SharedMemory } from 'waitable/bitness';
import { isRecord } from '../../linearizability/record.js';
import { history } from '../roles/history.js';
import { historyTimers } from '../roles/history-timers.js';
import { waiter } from '../roles/waiter.js';
import { Board, BOARD_BYTES, isBoard, MAXIMUM_CONTENDERS } from '../board.js';
import { RoleContext, STUCK_AFTER, type Report } from '../roles/role-context.js';
import { BadCommand, Fields } from './fields.js';
import { flows } from '../roles/flows.js';
import { loadRole, runModuleRole } from '../roles/module-role.js';
import { ROLES, type Keys } from '../roles/roles.js';

const INFINITE = -1;
const PARENT_WATCH_INTERVAL = 500;

const WAIT_ABANDONED = 128;
const WAIT_TIMEOUT = 258;
/** A role has so many faults at most. */
const MOST_FAULTS = 3;

const HALF_ASYNCHRONOUS_ROLES: Readonly<Record<string, (self: RoleContext, keys: Keys) => Promise<void>>> = { history, 'history-timers': historyTimers, waiter };

type Slot = Waitable | SharedMemory;

/** The fields after `ok`, or nothing at all. */
type Reply = (string | number)[] | undefined;

/** The library's side of the peers' protocol (PROTOCOL.md): executes commands through the public API. The host feeds it lines, and ends when it says so. */
export class Interpreter {
  readonly #slots = new Map<number, Slot>();
  readonly #host: Host;
  #parent: Process | undefined;
  #holding = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** The reply to one command; `undefined` for none. Blocks as long as the command does, unless its role is asynchronous. */
  async execute(line: string): Promise<string | undefined> {
    if (this.#holding) return undefined;
    const [verb = '', ...fields] = line.split(' ');
    try {
      const reply = await this.#perform(verb, new Fields(fields));
      return reply && ['ok', ...reply].join(' ');
    } catch (error) {
      if (error instanceof SyncError) return `error ${error.errno} ${error.syscall ?? error.name}`;
      if (error instanceof BadCommand || error instanceof TypeError || error instanceof RangeError) return `bad ${error.message.replaceAll('\n', ' ')}`;
      throw error;
    }
  }

  #perform(verb: string, fields: Fields): Reply | Promise<Reply> {
    switch (verb) {
      case 'hello': return this.#hello(fields.integer());
      case 'create': return this.#create(fields.word(), fields.slot(), fields.text(), fields);
      case 'open': return this.#open(fields.word(), fields.slot(), fields.text());
      case 'adopt': return this.#adopt(fields.word(), fields.slot(), fromHandle32(fields.integer()));
      case 'handle': return [this.#waitable(fields.slot()).handle];
      case 'close': return this.#close(fields.slot());
      case 'wait': return this.#wait(fields, ([object], timeout) => object?.waitSync(timeout));
      case 'wait-any': return this.#wait(fields, waitAnySync);
      case 'wait-all': return this.#wait(fields, waitAllSync);
      case 'hold': return this.#hold(fields.slot());
      case 'release': return this.#release(fields.slot(), fields);
      case 'set': return this.#event(fields.slot(), event => event.set());
      case 'reset': return this.#event(fields.slot(), event => event.reset());
      case 'read': return [this.#board(fields.slot()).load(fields.integer())];
      case 'write': return this.#write(this.#board(fields.slot()), fields.integer(), fields.integer());
      case 'run': return this.#run(fields.word(), fields.keys());
      case 'run-module': return this.#runModule(fields.text(), fields.text(), fields.keys());
      case 'die': return this.#host.die(fields.integer());
      case 'exit': return this.#exit();
      default: throw new BadCommand(`unknown command ${verb}`);
    }
  }

  #hello(parent: number): (string | number)[] {
    if (parent !== 0 && parent !== process.pid) {
      const watched = Process.open(parent);
      this.#parent = watched;
      // A role looks by itself, since no timer runs while it does.
      setInterval(() => this.#endWithParent(), PARENT_WATCH_INTERVAL).unref();
    }
    return [process.arch === 'ia32' ? 32 : 64, process.pid, this.#host.threadId];
  }

  #endWithParent(): void {
    if (this.#parent?.waitSync(0).status === 'signaled') this.#host.die(1);
  }

  #create(kind: string, slot: number, name: string, fields: Fields): (string | number)[] {
    const make = (): Slot => {
      switch (kind) {
        case 'mutex': return Mutex.create(name, { initiallyOwned: fields.flag() });
        case 'semaphore': return Semaphore.create(name, { initialCount: fields.integer(), maximumCount: fields.integer() });
        case 'event': return Event.create(name, { manualReset: fields.flag(), initialState: fields.flag() });
        case 'section': return SharedMemory.create(name, fields.integer());
        default: throw new BadCommand(`unknown kind ${kind}`);
      }
    };
    this.#fill(slot, make);
    return [this.#slots.get(slot)?.createdNew === true ? 1 : 0];
  }

  #open(kind: string, slot: number, name: string): [] {
    return this.#fill(slot, () => {
      switch (kind) {
        case 'mutex': return Mutex.open(name);
        case 'semaphore': return Semaphore.open(name);
        case 'event': return Event.open(name);
        case 'timer': return Timer.open(name);
        case 'section': return SharedMemory.open(name, BOARD_BYTES);
        default: throw new BadCommand(`unknown kind ${kind}`);
      }
    });
  }

  #adopt(kind: string, slot: number, handle: number): [] {
    return this.#fill(slot, () => {
      switch (kind) {
        case 'mutex': return fromHandle(Mutex, handle, { adopt: true });
        case 'semaphore': return fromHandle(Semaphore, handle, { adopt: true });
        case 'event': return fromHandle(Event, handle, { adopt: true });
        case 'section': return SharedMemory.fromHandle(handle, BOARD_BYTES);
        default: throw new BadCommand(`unknown kind ${kind}`);
      }
    });
  }

  #fill(slot: number, make: () => Slot): [] {
    if (this.#slots.has(slot)) throw new BadCommand(`slot ${slot} is taken`);
    this.#slots.set(slot, make());
    return [];
  }

  #close(slot: number): [] {
    this.#filled(slot).close();
    this.#slots.delete(slot);
    return [];
  }

  #wait(fields: Fields, wait: (objects: Waitable[], timeout: number) => WaitResult | undefined): [number] {
    const timeout = fields.integer();
    const objects = fields.rest().map(slot => this.#waitable(slot));
    return [statusOf(wait(objects, timeout === INFINITE ? Infinity : timeout))];
  }

  #hold(slot: number): [number] {
    const status = statusOf(this.#waitable(slot).waitSync());
    this.#holding = true;
    return [status];
  }

  #release(slot: number, fields: Fields): number[] {
    const object = this.#waitable(slot);
    if (object instanceof Semaphore) return [object.release(fields.optionalInteger() ?? 1)];
    if (!(object instanceof Mutex)) throw new BadCommand(`slot ${slot} holds nothing to release`);
    object.release();
    return [];
  }

  #event(slot: number, act: (event: Event) => void): [] {
    act(this.#object(slot, Event));
    return [];
  }

  #write(board: Board, index: number, value: number): [] {
    board.store(index, value);
    return [];
  }

  #run(name: string, keys: ReadonlyMap<string, number>): Reply | Promise<Reply> {
    const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
    const halfAsynchronous = Object.hasOwn(HALF_ASYNCHRONOUS_ROLES, name) ? HALF_ASYNCHRONOUS_ROLES[name] : undefined;
    if (role === undefined && name !== 'flows' && halfAsynchronous === undefined) throw new BadCommand(`unknown role ${name}`);
    const integer = reader(name, keys);
    const resolved: Keys = {
      integer: key => integer(key, -1),
      mutex: key => this.#object(integer(key), Mutex),
      semaphore: key => this.#object(integer(key), Semaphore),
      event: key => this.#object(integer(key), Event),
      waitables: (first, count) => Array.from({ length: integer(count, 1) }, (_, index) => this.#waitable(integer(first) + index)),
      record: key => this.#record(integer(key)),
    };
    const context = this.#context(name, keys);
    if (role !== undefined) return reportFields(context.run(self => role(self, resolved)));
    const report = halfAsynchronous === undefined ? context.runAsync(self => flows(self, resolved)) : context.runHalfAsync(self => halfAsynchronous(self, resolved));
    return report.then(reportFields);
  }

  async #runModule(url: string, data: string, keys: ReadonlyMap<string, number>): Promise<Reply> {
    const context = this.#context('a module', keys);
    const role = await loadRole(url);
    const report = await context.runAsync(self => runModuleRole(role, self, {
      data: JSON.parse(data) as unknown,
      mutex: slot => this.#object(slot, Mutex),
      semaphore: slot => this.#object(slot, Semaphore),
      event: slot => this.#object(slot, Event),
    }));
    return reportFields(report);
  }

  #context(name: string, keys: ReadonlyMap<string, number>): RoleContext {
    const integer = reader(name, keys);
    const optional = (key: string, minimum: number, absent: number): number => keys.has(key) ? integer(key, minimum) : absent;
    const broken = optional('broken', 0, 0);
    const clock = optional('clock', 0, 1);
    if (clock > 1) throw new BadCommand('clock must be 0 or 1');
    if (broken > MOST_FAULTS) throw new BadCommand(`broken must be from 0 to ${MOST_FAULTS}`);
    const contenders = integer('contenders', 1);
    const contender = integer('contender');
    if (contender >= MAXIMUM_CONTENDERS || contenders > MAXIMUM_CONTENDERS) throw new BadCommand(`there are at most ${MAXIMUM_CONTENDERS} contenders`);
    const board = integer('board');
    if (!isBoard(this.#object(board, SharedMemory).buffer)) throw new BadCommand(`slot ${board} holds a section with another layout than the board's`);
    return new RoleContext({ board: this.#board(board), contender, contenders, spin: integer('spin'), broken, patience: optional('patience', 1, STUCK_AFTER), clock: clock === 1, interrupt: () => this.#endWithParent() });
  }

  #exit(): [] {
    this.#host.exit();
    return [];
  }

  #filled(slot: number): Slot {
    const object = this.#slots.get(slot);
    if (object === undefined) throw new BadCommand(`slot ${slot} is empty`);
    return object;
  }

  #waitable(slot: number): Waitable {
    const object = this.#filled(slot);
    if (object instanceof SharedMemory) throw new BadCommand(`slot ${slot} holds a section`);
    return object;
  }

  #object<Kind extends Slot>(slot: number, Kind: { readonly prototype: Kind }): Kind {
    const object = this.#filled(slot);
    if (!(object instanceof (Kind as unknown as new () => Kind))) throw new BadCommand(`slot ${slot} holds another kind of object`);
    return object;
  }

  #record(slot: number): ArrayBuffer {
    const { buffer } = this.#object(slot, SharedMemory);
    if (!isRecord(buffer)) throw new BadCommand(`slot ${slot} holds a section with another layout than a record's`);
    return buffer;
  }

  #board(slot: number): Board {
    return new Board(this.#object(slot, SharedMemory).buffer);
  }
}

/** What the interpreter's thread or process can do with itself. */
export interface Host {
  readonly threadId: number;
  /** Ends at once, letting go of nothing. */
  die(exitCode: number): never;
  /** Ends in order, after the reply. */
  exit(): void;
}

/** Of a role's keys. */
function reader(name: string, keys: ReadonlyMap<string, number>): (key: string, minimum?: number) => number {
  return (key, minimum = 0) => {
    const value = keys.get(key);
    if (value === undefined || value < minimum) throw new BadCommand(`run ${name} needs ${key}=<number from ${minimum}>`);
    return value;
  };
}

function statusOf(result: WaitResult | undefined): number {
  if (result === undefined) throw new BadCommand('nothing to wait for');
  if (result.status === 'timeout') return WAIT_TIMEOUT;
  return result.index + (result.status === 'abandoned' ? WAIT_ABANDONED : 0);
}

function reportFields({ operations, abandonments, violations, firstViolation, waits, holds, handOvers, loopDelay }: Report): (string | number)[] {
  return [operations, abandonments, violations, firstViolation === undefined ? '-' : encodeURIComponent(firstViolation), waits.toField(), holds.toField(), handOvers[32].toField(), handOvers[64].toField(), ...(loopDelay === undefined ? [] : [loopDelay])];
}
