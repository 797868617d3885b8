import type { FaultName } from './fault-name.js';
import type { PeerKind } from '../peers/peer.js';
import type { DurationsReport, FairnessReport, HandOverReport, LoopReport, ProcessReport, ResourceUsage } from './figures.js';

/**
 * How a scenario ended. A negative control has to break an invariant, and is `caught` when one did not hold, `missed` otherwise. A control that had not broken one yet when it was interrupted, or that had nothing
 * to break it with, such as kills where there is no process, proves nothing: it is `inconclusive`.
 */
export type Verdict = 'held' | 'broken' | 'caught' | 'missed' | 'inconclusive';

/** What a run of one scenario showed. Times are in milliseconds since the scenario began, durations in nanoseconds. */
export interface ScenarioReport {
  readonly scenario: string;
  /** A negative control. */
  readonly control: boolean;
  readonly verdict: Verdict;
  /** Whether it was ended before its time. */
  readonly interrupted: boolean;
  /** The scenario's own, which follows from the run's and its name. */
  readonly seed: number;
  /** How long it took, in seconds. */
  readonly seconds: number;
  readonly operations: number;
  /** Of all contenders. */
  readonly waits: DurationsReport;
  /** How long what they had waited for was theirs, as far as a role gives it back itself. */
  readonly holds: DurationsReport;
  /** Of a lock or a ball that one alone can own; a pair of bitnesses that did not follow each other is absent. */
  readonly handOvers: readonly HandOverReport[];
  readonly fairness: FairnessReport;
  readonly contenders: readonly ContenderReport[];
  readonly timeline: TimelineReport;
  readonly faults: readonly FaultReport[];
  readonly abandonments: number;
  /** The largest 99th percentile that a contender of asynchronous flows reported. */
  readonly eventLoopDelay?: number;
  /** Of this process, which drives the scenario. */
  readonly loop: LoopReport;
  /** What this process used after it, with its worker threads. */
  readonly resourceUsage: ResourceUsage;
  readonly processes: readonly ProcessReport[];
  /** What is noteworthy besides the figures that all scenarios have, such as a high-water mark. */
  readonly remarks: readonly string[];
  readonly broken: readonly BrokenInvariant[];
}

/** What one contender did: a part in the scenario, which others may have taken over from killed ones. */
export interface ContenderReport {
  readonly kind: PeerKind;
  readonly bits: number;
  readonly operations: number;
  /** Its part of all operations, from 0 to 1. */
  readonly share: number;
  readonly waits: DurationsReport;
  readonly holds: DurationsReport;
}

/** The operations that had been done by then, about four times a second; in long runs less often. */
export interface TimelineReport {
  readonly at: readonly number[];
  /** A line for each contender, with an entry for each time. */
  readonly operations: readonly (readonly number[])[];
}

/** Something that was done on purpose. */
export interface FaultReport {
  readonly at: number;
  readonly fault: FaultName;
  /** Who it was done to: a contender or a victim. Absent where it was done around them. */
  readonly kind?: PeerKind;
}

export interface BrokenInvariant {
  readonly invariant: string;
  /** What was seen instead, if there is more to say. */
  readonly seen: string;
  /** When it was noticed. */
  readonly at: number;
}

export function passed({ verdict }: ScenarioReport): boolean {
  return verdict !== 'broken' && verdict !== 'missed';
}

/** For people. */
export function describeBroken({ invariant, seen }: BrokenInvariant): string {
  return seen === '' ? invariant : `${invariant}: ${seen}`;
}

/** The same in one line: of a history that no order explains, not the history. */
export function headlineOf(broken: BrokenInvariant): string {
  return describeBroken(broken).split('\n', 1)[0] ?? '';
}
