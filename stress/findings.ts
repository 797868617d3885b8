import type { FaultName } from './faults/fault.js';
import { Durations } from './peers/durations.js';
import type { PeerKind } from './peers/peer.js';
import type { BrokenInvariant, DurationsReport, FaultReport, Verdict } from './report/scenario-report.js';
import type { Timeline } from './timeline.js';

/** What is found out in the course of one scenario. */
export class Findings {
  readonly broken: BrokenInvariant[] = [];
  readonly remarks: string[] = [];
  readonly faults: FaultReport[] = [];
  /** For each contender. */
  readonly waits: readonly Durations[];
  abandonments = 0;
  /** Whether a negative control had the chance to break something. */
  isEnough = true;
  /** The largest that a contender of asynchronous flows reported, in ns. */
  loopDelay = 0;
  readonly #timeline: Timeline;

  constructor(timeline: Timeline, contenders: number) {
    this.#timeline = timeline;
    this.waits = Array.from({ length: contenders }, () => new Durations());
  }

  check(invariant: string, holds: boolean, seen: string): void {
    if (!holds) this.broken.push({ invariant, seen, at: this.#now() });
  }

  struck(fault: FaultName, kind?: PeerKind): void {
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

export function reportOf(durations: Durations): DurationsReport {
  const at = (percentile: number) => durations.count === 0 ? 0 : durations.percentile(percentile);
  return { count: durations.count, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: durations.maximum, histogram: durations.encode() };
}
