import type { AsyncLocalStorage } from 'node:async_hooks';
import diagnosticsChannel from 'node:diagnostics_channel';
import events from 'node:events';
import workerThreads from 'node:worker_threads';
import type { Handle, ObjectKind } from './kernel/kernel.js';

/**
 * What all copies of this library in one thread share: who owns what in this thread, and whose turn it is.
 *
 * A thread may load the library more than once: two versions in `node_modules`, a bundle beside it, a test runner that resets its
 * modules, a context of `node:vm`. The kernel lets a thread take a mutex again that it owns, whichever copy asks. So each copy asks
 * this registry first.
 *
 * # Where it is
 *
 * On the exports objects of modules that are built into Node, under a symbol that all realms know. Node gives the same objects to every
 * realm and every module registry of a thread, and other ones to every other thread. (Test frameworks give each test file copies of
 * `globalThis` and `process`.) On several of them, since a framework may replace a module, and a hardened program may freeze one.
 *
 * # Protocol, version 1
 *
 * | field                   | meaning, and who writes it when |
 * |-------------------------|---------------------------------|
 * | `Registry.version`      | 1 |
 * | `Registry.tokens`       | the number of the latest token of any copy: the copy that makes a token counts on, and comes round after 0x20000000 |
 * | `Registry.keys`         | the same for object states |
 * | `Registry.handles`      | the handles that belong to copies of the library: each copy adds and removes its own |
 * | `Registry.objects`      | the object states of objects that are known by an identity |
 * | `Registry.foreign`      | those of objects that are known by a handle from elsewhere alone |
 * | `Registry.idle`         | a function of each copy that may have idle wait threads, which ends them; who came to have one last is last. Each copy adds its own, and removes others' as it calls them. The first that needs it makes the set |
 * | `Registry.flow`         | what each asynchronous flow holds by `runExclusive`. A run that finds none makes it |
 * | `FlowHolding.key`, `held()` | the object state's key, and whether that run's lock is held still |
 * | `FlowHolding.outer`     | what the flow held before. A run that begins inside takes out those that are over |
 * | `ObjectState.version`, `key`, `identity`, `kind`, `name` | never change. The copy that makes the object state writes them |
 * | `ObjectState.owner`       | the number of the token that owns the mutex, or 0. The token's copy writes the number when the kernel has given the mutex, and 0 when the kernel has taken it back |
 * | `ObjectState.syncDepth`   | how often the thread owns the mutex by synchronous waits. Its maker asks the kernel; the copy of each wait and each release counts on |
 * | `ObjectState.waiting`     | how many asynchronous requests wait: each request's copy counts its begin and its end |
 * | `ObjectState.handles`     | the handles by which the object is open here: a copy adds its handle before it uses it asynchronously or owns by it, and removes it at its close |
 * | `ObjectState.enqueue`     | see there: the queue is the maker's |
 *
 * An object state is in `objects` or `foreign` for as long as `handles` has one. As long as one is open, the object is the same, so an identity means one object. When
 * the last one is closed, the object state goes: an object that has the same name later may be another one, and the kernel tells whether this thread owns it.
 *
 * All of it belongs to one thread, which runs one piece of code at a time: between the kernel's answer and the field that says so, no code of another copy runs.
 *
 * A later version may add fields, and has to do without them where an earlier copy made the object. It has to write the fields above as they are meant here, and may change
 * neither their type nor their meaning. A protocol that cannot do with that has another symbol, and its copies keep to both.
 */
export interface Registry {
  readonly version: number;
  tokens: number;
  keys: number;
  readonly handles: Set<Handle>;
  readonly objects: Map<string, ObjectState>;
  readonly foreign: Set<ObjectState>;
  idle?: Set<() => void>;
  /** Absent until the first run: from its first use on, each promise of the thread costs more. */
  flow?: AsyncLocalStorage<FlowHolding>;
}

/** What an asynchronous flow holds by `runExclusive`, innermost first. */
export interface FlowHolding {
  readonly key: number;
  held(): boolean;
  /** Without those that are over: a run that starts its successor from inside would keep all that went before it. */
  outer: FlowHolding | undefined;
}

/** What one thread knows of one kernel object, through however many instances, handles and copies of the library it has it open. */
export interface ObjectState {
  readonly version: number;
  /** Unique in this thread. */
  readonly key: number;
  /** The key in `Registry.objects`; `undefined` for those in `Registry.foreign`. */
  readonly identity: string | undefined;
  readonly kind: ObjectKind;
  readonly name: string | undefined;
  /** The number of the token that owns the mutex; 0 if none does. Not the token itself: the collector would have to be told of each. */
  owner: number;
  syncDepth: number;
  waiting: number;
  readonly handles: Set<Handle>;
  /**
   * Queues for the turn to own a mutex: first come, first served, one at a time.
   *
   * @param turn - Its turn lasts until the promise that it gives is settled.
   * @param left - Gives the place in the queue up.
   */
  enqueue(turn: () => Promise<void>, left: AbortSignal | undefined): void;
}

/**
 * Under `OBJECT`, each object to wait for shows what other copies need to wait for it too. Of the handle: `value`, `open`, and `beginUse` and `endUse` of a use that
 * has `olderUse`, `youngerUse` and `handleClosed()`, as `HandleUse` says.
 */
export interface SharedObject {
  /** Of the package. */
  readonly version: string;
  readonly owned: { readonly value: Handle; readonly open: boolean };
  readonly objectState: ObjectState;
}

export const OBJECT = Symbol.for('waitable.object@1');

const KEY = Symbol.for('waitable.thread@1');

/** In the order in which the registry is looked for. */
const PLACES: readonly object[] = [events, workerThreads, diagnosticsChannel];

/** The registry of this thread. */
export const registry: Registry = findOrMake();

function findOrMake(): Registry {
  const shared = [...PLACES, globalThis].map(registryAt).find(each => each !== undefined) ?? { version: 1, tokens: 0, keys: 0, handles: new Set<Handle>(), objects: new Map<string, ObjectState>(), foreign: new Set<ObjectState>() };
  const isThere = PLACES.filter(place => registryAt(place) === shared || Reflect.defineProperty(place, KEY, { value: shared, configurable: true }));
  // Where a program has frozen them all. Not else: Jest clears whatever a test file has added to its global object.
  if (isThere.length === 0) Reflect.defineProperty(globalThis, KEY, { value: shared, configurable: true });
  return shared;
}

function registryAt(place: object): Registry | undefined {
  const found = Reflect.get(place, KEY) as Partial<Registry> | undefined;
  // A framework that replaces modules by imitations of them would imitate the registry too.
  return found?.version === 1 && found.objects?.size !== undefined ? found as Registry : undefined;
}

/** Before the system closes a handle of a copy of the library. */
export function forgetHandle(handle: Handle, objectState: ObjectState | undefined): void {
  registry.handles.delete(handle);
  if (objectState === undefined) return;
  objectState.handles.delete(handle);
  if (objectState.handles.size > 0) return;
  registry.foreign.delete(objectState);
  const { identity } = objectState;
  if (identity !== undefined && registry.objects.get(identity) === objectState) registry.objects.delete(identity);
}
