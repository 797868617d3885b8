import { describeBroken, type BrokenInvariant } from '../report/scenario-report.js';
import type { Direction, TechniqueReport } from '../report/technique-report.js';
import type { TechniqueResults } from './technique-context.js';
import type { Technique } from './technique.js';

export function reportOf(technique: Technique, direction: Direction, results: TechniqueResults): TechniqueReport {
  return { ...head(technique, direction), verdict: verdictOf(technique, results.broken), ...results };
}

export function notRun(technique: Technique, direction: Direction, reason: string): TechniqueReport {
  return { ...head(technique, direction), verdict: 'not run', ...nothing, reason };
}

/** Its Node ended before it was through with this. Not even a control has failed as it must. */
export function cutShort(technique: Technique, direction: Direction, how: string): TechniqueReport {
  return reportOf(technique, direction, { ...nothing, broken: [{ invariant: 'the Node that runs it lives', seen: how, at: 0 }] });
}

const nothing: TechniqueResults = { seconds: 0, operations: 0, remarks: [], broken: [] };

function verdictOf({ control }: Technique, broken: readonly BrokenInvariant[]): TechniqueReport['verdict'] {
  if (control === undefined) return broken.length === 0 ? 'held' : 'broken';
  return broken.some(each => control.test(describeBroken(each))) ? 'caught' : 'missed';
}

function head({ name, summary, unit, control }: Technique, direction: Direction): Pick<TechniqueReport, 'technique' | 'summary' | 'unit' | 'control' | 'direction'> {
  return { technique: name, summary, unit, control: control !== undefined, direction };
}
