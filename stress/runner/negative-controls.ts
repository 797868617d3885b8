import type { PeerPool } from './peer-pool.js';
import { describeBroken } from '../report/scenario-report.js';
import type { NegativeControlReport } from '../report/negative-control-report.js';
import { runScenario, type Terms } from './run-scenario.js';
import type { Scenario, NegativeControl } from './scenario.js';

/** Times of a scenario: what shows in the end alone shows soon, and what takes its time, as kills do that have to hit, gets it. */
const ATTEMPTS = [1 / 16, 1 / 4, 1, 4] as const;

/** Runs a broken twin of a scenario until it is caught. */
export async function runNegativeControl({ name, summary, minimumContenders, kinds, faults }: Scenario, negativeControl: NegativeControl, terms: Terms, pool: PeerPool): Promise<{ report: NegativeControlReport; isStuck: boolean }> {
  const control: Scenario = { name: `twin of ${name}`, summary, minimumContenders, control: true, run: context => negativeControl.run(context), ...(kinds === undefined ? {} : { kinds }), ...(faults === undefined ? {} : { faults }) };
  let seconds = 0;
  for (let attempt = 1; ; attempt++) {
    const began = performance.now();
    const { report: { verdict, interrupted, broken }, isStuck } = await runScenario(control, { ...terms, faults: negativeControl.faults ?? {}, seconds: terms.seconds * (ATTEMPTS[attempt - 1] ?? 1) }, pool, () => undefined);
    const noticed = broken.find(each => negativeControl.shows?.test(describeBroken(each)) ?? true);
    const caught = noticed !== undefined;
    seconds += caught ? noticed.at / 1000 : (performance.now() - began) / 1000;
    if (caught || interrupted || isStuck || attempt >= ATTEMPTS.length) {
      const outcome = caught ? 'caught' : verdict === 'inconclusive' ? 'inconclusive' : 'missed';
      return { report: { scenario: name, defect: negativeControl.defect, verdict: outcome, interrupted, attempts: attempt, seconds, ...(caught ? { noticed } : {}) }, isStuck };
    }
  }
}
