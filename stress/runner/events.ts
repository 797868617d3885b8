import type { ScenarioReport } from '../report/scenario-report.js';
import type { StressReport } from '../report/stress-report.js';
import type { TechniqueReport } from '../report/technique-report.js';
import type { NegativeControlReport } from '../report/negative-control-report.js';
import type { Position, StressHooks } from './run-stress.js';

/** What happens in a run, for reporters. Between processes each event is a line of JSON. */
export type RunEvent =
  | { readonly type: 'start'; readonly scenario: string; readonly position: Position }
  | { readonly type: 'progress'; readonly scenario: string; readonly position: Position; readonly elapsed: number; readonly seconds: number; readonly operations: number }
  | { readonly type: 'end'; readonly report: ScenarioReport; readonly position: Position }
  | { readonly type: 'negative control'; readonly report: NegativeControlReport; readonly position: Position }
  | { readonly type: 'technique'; readonly report: TechniqueReport; readonly position: Position }
  /** What was asked for and is not there. */
  | { readonly type: 'skipped'; readonly line: string }
  | { readonly type: 'report'; readonly report: StressReport };

export type Emit = (event: RunEvent) => void;

export function hooksEmitting(emit: Emit): StressHooks {
  return {
    onStart: ({ name }, position) => emit({ type: 'start', scenario: name, position }),
    onProgress: ({ scenario: { name }, ...progress }) => emit({ type: 'progress', scenario: name, ...progress }),
    onEnd: (report, position) => emit({ type: 'end', report, position }),
    onNegativeControl: (report, position) => emit({ type: 'negative control', report, position }),
    onTechnique: (report, position) => emit({ type: 'technique', report, position }),
  };
}
