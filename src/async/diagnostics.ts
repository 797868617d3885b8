import { channel } from 'node:diagnostics_channel';
import type { ObjectKind } from '../kernel/kernel.js';
import { milliseconds } from '../kernel/runtime.js';

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

/** A wait, as this file sees it: it keeps no more than the wait itself, so that ten thousand of them stay small. */
export interface DiagnosedWait {
  readonly serial: number;
  readonly since: number;
  readonly targets: readonly { readonly kind: ObjectKind; readonly name: string | undefined }[];
  readonly all: boolean;
}

/** A token, likewise. */
export interface DiagnosedHold {
  readonly since: number;
  readonly abandoned: boolean;
  readonly target: { readonly kind: ObjectKind; readonly name: string | undefined };
}

const waits = new Set<DiagnosedWait>();

export function beginWait(wait: DiagnosedWait): void {
  waits.add(wait);
  if (channels.start.hasSubscribers) channels.start.publish(waitMessage(wait));
}

/** @param outcome - `undefined` for an abort or an error, which have no channel: their promise tells. */
export function endWait(wait: DiagnosedWait, outcome: 'win' | 'timeout' | 'abandoned' | undefined): void {
  waits.delete(wait);
  if (outcome !== undefined && channels[outcome].hasSubscribers) channels[outcome].publish(waitMessage(wait));
}

const { release } = channels;

export function endHold(hold: DiagnosedHold): void {
  if (release.hasSubscribers) publishRelease(hold);
}

function publishRelease(hold: DiagnosedHold): void {
  release.publish(heldNow(hold));
}

function waitMessage({ serial, targets, all }: DiagnosedWait): WaitMessage {
  return { id: serial, objects: targets.map(({ kind, name }) => ({ kind, name })), all };
}

export function heldNow({ target: { kind, name }, abandoned, since }: DiagnosedHold): Held {
  return { kind, name, abandoned, milliseconds: ageOf(since) };
}

export function waitsNow(): Pending[] {
  return [...waits].map(wait => ({ ...waitMessage(wait), milliseconds: ageOf(wait.since) }));
}

function ageOf(since: number): number {
  return milliseconds() - since;
}
