import { SyncError, type Event, type Mutex, type Semaphore } from 'waitable';
import { messageOf } from '../../util/error-message.js';
import type { RoleContext } from './role-context.js';
import { BadCommand } from '../protocol/fields.js';

/**
 * A role of your own, for locks of your own: what a contender does until the time is up. It is the default export of an ES module, which each contender imports by itself; threads and Nodes play it, and C helpers cannot.
 * What it throws is an invariant that broke.
 *
 * ```ts
 * // door.role.js
 * import { Mutex } from 'waitable';
 *
 * export default async function door(self, { data: { name, inside } }) {
 *   using lock = Mutex.open(name); // or a lock of yours that is built on such objects
 *   while (!self.stopping) {
 *     using held = await self.waitAsync(timeout => lock.acquire({ timeout }));
 *     if (self.board.add(inside, 1) !== 1) self.violate('two are inside');
 *     await null; // the lock has to hold across this
 *     self.board.add(inside, -1);
 *     self.progress();
 *     self.letsGo();
 *   }
 * }
 * ```
 *
 * Its scenario makes what it works on, and says where it is:
 *
 * ```ts
 * import { Mutex } from 'waitable';
 * import { board, NODES, runStress, type Scenario } from 'waitable/stress';
 *
 * const door: Scenario = {
 *   name: 'door',
 *   summary: 'one at a time is inside, whatever it awaits there',
 *   minimumContenders: 2,
 *   kinds: NODES,
 *   async run(context) {
 *     const name = context.nameOf('door');
 *     using lock = Mutex.create(name); // lives as long as somebody has it open
 *     await context.contend(() => ({ module: new URL('./door.role.js', import.meta.url), data: { name, inside: board.INSIDE } }));
 *     context.checkEqual('nobody is inside in the end', context.board.load(board.INSIDE), 0);
 *   },
 * };
 *
 * const { passed } = await runStress({ scenarios: [door], contenders: { thread: 2 }, seconds: 0.2 });
 * if (!passed) throw new Error('the door does not hold');
 * ```
 */
export type ModuleRole<Data = unknown> = (self: RoleContext, part: ModuleRoleContext<Data>) => void | Promise<void>;

/** What a role from a module is given, besides itself. */
export interface ModuleRoleContext<Data = unknown> {
  /** As the order has it, by way of JSON. */
  readonly data: Data;
  /** The objects that the scenario has made in the context, by their slots. */
  readonly mutex: (slot: number) => Mutex;
  readonly semaphore: (slot: number) => Semaphore;
  readonly event: (slot: number) => Event;
}

export async function loadRole(url: string): Promise<ModuleRole> {
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(url) as object;
  } catch (error) {
    throw new BadCommand(`the module ${url} cannot be imported: ${messageOf(error)}`);
  }
  if (typeof loaded.default !== 'function') throw new BadCommand(`the module ${url} must have a role, a function, as its default export`);
  return loaded.default as ModuleRole;
}

/** What it throws is for its author to see, and ends neither the run nor the contender. What the kernel refuses, and a wait in vain, end it as they do with any role. */
export async function runModuleRole(role: ModuleRole, self: RoleContext, part: ModuleRoleContext): Promise<void> {
  try {
    await role(self, part);
  } catch (error) {
    if (error instanceof SyncError || self.isStuck(error)) throw error;
    self.violate(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
