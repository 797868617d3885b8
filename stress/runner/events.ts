import type { ScenarioReport } from '../report/scenario-report.js';
import type { StressReport } from '../report/stress-report.js';
import type { TechniqueReport } from '../report/technique-report.js';
import type { TwinReport } from '../report/negative-control-report.js';
import type { Position, StressHooks } from './run-stress.js';

/** What a run tells whoever has launched it. Between processes each is a line of JSON. */
export type RunMessage =
  | { readonly tells: 'start'; readonly scenario: string; readonly position: Position }
  | { readonly tells: 'progress'; readonly scenario: string; readonly position: Position; readonly elapsed: number; readonly seconds: number; readonly operations: number }
  | { readonly tells: 'end'; readonly report: ScenarioReport; readonly position: Position }
  | { readonly tells: 'twin'; readonly report: TwinReport; readonly position: Position }
  | { readonly tells: 'technique'; readonly report: TechniqueReport; readonly position: Position }
  /** What was asked for and is not there. */
  | { readonly tells: 'lack'; readonly line: string }
  | { readonly tells: 'report'; readonly report: StressReport };

export type Tell = (message: RunMessage) => void;

export function hooksThatTell(tell: Tell): StressHooks {
  return {
    onStart: ({ name }, position) => tell({ tells: 'start', scenario: name, position }),
    onProgress: ({ scenario: { name }, ...progress }) => tell({ tells: 'progress', scenario: name, ...progress }),
    onEnd: (report, position) => tell({ tells: 'end', report, position }),
    onTwin: (report, position) => tell({ tells: 'twin', report, position }),
    onTechnique: (report, position) => tell({ tells: 'technique', report, position }),
  };
}
