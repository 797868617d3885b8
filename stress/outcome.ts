import type { PeerKind } from './peers/peer.js';
import { Waits } from './peers/waits.js';

/** What one contender did. */
export interface Share {
  readonly kind: PeerKind;
  readonly operations: number;
  readonly waits: Waits;
}

/** What a run of one scenario showed. */
export interface Outcome {
  readonly scenario: string;
  /** A negative control: it has to break an invariant. */
  readonly control: boolean;
  readonly seconds: number;
  readonly shares: readonly Share[];
  readonly abandonments: number;
  readonly kills: number;
  /** What is noteworthy besides the figures that all scenarios have, such as a high-water mark. */
  readonly remarks: readonly string[];
  /** The invariants that did not hold, each with what was seen. */
  readonly broken: readonly string[];
}

export function operationsOf({ shares }: Outcome): number {
  return shares.reduce((sum, share) => sum + share.operations, 0);
}

export function waitsOf({ shares }: Outcome): Waits {
  const all = new Waits();
  for (const { waits } of shares) all.add(waits);
  return all;
}

/** A negative control passes by failing. */
export function passed({ control, broken }: Outcome): boolean {
  return control ? broken.length > 0 : broken.length === 0;
}

/** For `--json`: figures in ns and operations, per contender too. */
export function toJson(outcome: Outcome): object {
  const { scenario, control, seconds, abandonments, kills, remarks, broken } = outcome;
  return {
    scenario,
    control,
    passed: passed(outcome),
    seconds,
    operations: operationsOf(outcome),
    waits: waitFigures(waitsOf(outcome)),
    contenders: outcome.shares.map(({ kind, operations, waits }) => ({ kind, operations, waits: waitFigures(waits) })),
    abandonments,
    kills,
    remarks,
    broken,
  };
}

function waitFigures(waits: Waits): object {
  return { count: waits.count, p50: waits.percentile(50), p99: waits.percentile(99), max: waits.maximum };
}
