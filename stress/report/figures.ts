import type { Durations } from '../measure/durations.js';
import type { PeerKind } from '../peers/peer-kind.js';

/** A distribution, in nanoseconds. */
export interface DurationsReport {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** All of it, to two significant digits: an HdrHistogram (V2, compressed, base64). */
  readonly histogram: string;
}

/**
 * From a release to the end of the next owner's wait, where that one had begun to wait before, and is another contender than the one that let go. Both read the monotonic clock that all processes
 * share.
 */
export interface HandOverReport {
  /** The bitness of who let go, 32 or 64, and of who came next. */
  readonly from: number;
  readonly to: number;
  readonly durations: DurationsReport;
}

export interface FairnessReport {
  /** Jain's index of the contenders' operations: 1 when all have the same share, 1 / their number when one has everything. */
  readonly jain: number;
  /** Of all contenders, in ns. */
  readonly longestWait: number;
}

/** How late a timer of this process came, in ns, while it drove the scenario: what its event loop was held up by. */
export interface LoopReport {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What a process uses. */
export interface ResourceUsage {
  /** On Linux file descriptors; on Windows handles, and under Wine about that many. */
  readonly handles: number;
  readonly megabytes: number;
}

/** What a contender that is a process of its own used after the scenario. */
export interface ProcessReport {
  readonly contender: number;
  readonly kind: PeerKind;
  /** Absent under Wine, which does not count them. */
  readonly handles?: number;
  readonly megabytes: number;
}

export function reportOf(durations: Durations): DurationsReport {
  const at = (percentile: number) => durations.count === 0 ? 0 : durations.percentile(percentile);
  return { count: durations.count, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: durations.maximum, histogram: durations.encode() };
}

/** Jain, Chiu and Hawe, "A Quantitative Measure of Fairness" (1984). Of no operations at all, 1. */
export function jainsIndex(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : sum * sum / (values.length * squares);
}
