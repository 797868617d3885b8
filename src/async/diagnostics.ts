import { channel } from 'node:diagnostics_channel';
import type { ObjectKind } from '../kernel/kernel.js';

/** What the messages of the diagnostics channels are about. */
export interface WaitMessage {
  /** The same for all messages of one wait, unique in this thread. */
  readonly id: number;
  readonly objects: readonly { readonly kind: ObjectKind; readonly name: string | undefined }[];
  readonly all: boolean;
}

/**
 * The channels of `node:diagnostics_channel` on which asynchronous waits and locks report: `waitable:wait:start` (of a wait that could not succeed at once),
 * `waitable:wait:win`, `waitable:wait:timeout`, `waitable:wait:abandoned` (a win too) and `waitable:release`.
 */
export const channels = {
  start: channel('waitable:wait:start'),
  win: channel('waitable:wait:win'),
  timeout: channel('waitable:wait:timeout'),
  abandoned: channel('waitable:wait:abandoned'),
  release: channel('waitable:release'),
};

/** A wait that pends, or a lock that is held, as `snapshot` shows it. */
export interface Pending extends WaitMessage {
  /** How long it has been so, in ms. */
  readonly milliseconds: number;
}

export interface Held {
  readonly kind: ObjectKind;
  readonly name: string | undefined;
  readonly abandoned: boolean;
  /** How long it has been held, in ms. */
  readonly milliseconds: number;
}

/** What a thread holds and waits for asynchronously. */
export interface Snapshot {
  readonly holds: readonly Held[];
  readonly waits: readonly Pending[];
}

interface Entry<Value> {
  readonly value: Value;
  readonly since: number;
}

let ids = 0;

/** What is going on, by whom it belongs to: a wait, or a token. */
const waits = new Map<object, Entry<WaitMessage>>();
const holds = new Map<object, Entry<Omit<Held, 'milliseconds'>>>();

export function beginWait(wait: object, objects: WaitMessage['objects'], all: boolean): void {
  const message = { id: ++ids, objects: objects.map(({ kind, name }) => ({ kind, name })), all };
  waits.set(wait, { value: message, since: performance.now() });
  if (channels.start.hasSubscribers) channels.start.publish(message);
}

/** @param outcome - `undefined` for an abort or an error, which have no channel: their promise tells. */
export function endWait(wait: object, outcome: 'win' | 'timeout' | 'abandoned' | undefined): void {
  const message = waits.get(wait)?.value;
  waits.delete(wait);
  if (outcome !== undefined && channels[outcome].hasSubscribers) channels[outcome].publish(message);
}

export function beginHold(token: object, held: Omit<Held, 'milliseconds'>): void {
  holds.set(token, { value: held, since: performance.now() });
}

export function endHold(token: object): void {
  const held = holds.get(token)?.value;
  holds.delete(token);
  if (channels.release.hasSubscribers) channels.release.publish(held);
}

/**
 * What this thread holds and waits for at this moment, asynchronously: for asking a program that is stuck.
 *
 * @example
 * ```ts
 * process.on('SIGBREAK', () => console.error(JSON.stringify(snapshot(), undefined, 2)));
 * ```
 */
export function snapshot(): Snapshot {
  const now = performance.now();
  const aged = <Value extends object>({ value, since }: Entry<Value>) => ({ ...value, milliseconds: now - since });
  return { holds: [...holds.values()].map(aged), waits: [...waits.values()].map(aged) };
}
