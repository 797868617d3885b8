import type { FaultName } from '../report/fault-name.js';
import { HandOvers } from './hand-overs.js';
import { Durations } from '../measure/durations.js';
import type { PeerKind } from '../peers/peer.js';
import type { BrokenInvariant, FaultReport, Verdict } from '../report/scenario-report.js';
import type { Timeline } from './timeline.js';

/** What is found out in the course of one scenario. */
export class ScenarioResults {
  readonly broken: BrokenInvariant[] = [];
  readonly remarks: string[] = [];
  readonly faults: FaultReport[] = [];
  /** For each contender. */
  readonly waits: readonly Durations[];
  readonly holds: readonly Durations[];
  readonly handOvers = new HandOvers();
  abandonments = 0;
  /** Whether a negative control had the chance to break something. */
  isEnough = true;
  /** The largest that a contender of asynchronous flows reported, in ns. */
  loopDelay = 0;
  readonly #timeline: Timeline;

  constructor(timeline: Timeline, contenders: number) {
    this.#timeline = timeline;
    const each = () => Array.from({ length: contenders }, () => new Durations());
    this.waits = each();
    this.holds = each();
  }

  check(invariant: string, holds: boolean, seen: string): void {
    if (!holds) this.broken.push({ invariant, seen, at: this.#now() });
  }

  recordFault(fault: FaultName, kind?: PeerKind): void {
    this.faults.push({ at: this.#now(), fault, ...(kind === undefined ? {} : { kind }) });
  }

  verdict(control: boolean, interrupted: boolean): Verdict {
    if (!control) return this.broken.length === 0 ? 'held' : 'broken';
    if (this.broken.length > 0) return 'caught';
    return interrupted || !this.isEnough ? 'inconclusive' : 'missed';
  }

  #now(): number {
    return Math.round(this.#timeline.now);
  }
}

export function sumOf(parts: readonly Durations[]): Durations {
  const sum = new Durations();
  for (const part of parts) sum.add(part);
  return sum;
}
