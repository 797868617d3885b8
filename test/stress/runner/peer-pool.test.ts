import { describe, expect, test } from 'vitest';
import { runStress, type Scenario } from 'waitable/stress';
import { Peer, type PeerKind } from '../../../stress/peers/peer.js';
import { canReach } from '../../../stress/peers/transports/open.js';
import { TRANSPORTS, type TransportName } from '../../../stress/peers/transports/transport.js';
import { ScenarioContext } from '../../../stress/runner/scenario-context.js';
import { HELPER32 } from '../../support/actor.js';

/** Long enough that no fault of this rate strikes by itself; only, whoever is killed is replaced. */
const HARDLY_EVER = { kill: 0.0001 };
const LONG = 3600;

const transports = TRANSPORTS.filter(transport => canReach(HELPER32, transport));

/** Has the one contender killed while it counts; comes back when its successor is about to count, and the scenario ends by `end`. */
async function killAndReplace(context: ScenarioContext, end: () => void): Promise<Peer> {
  const lock = await context.mutex('lock');
  const [contender] = context.contenders;
  const victim = contender?.peer;
  if (victim === undefined) throw new Error('there is no contender');
  let successor = victim;
  const contending = context.contend(({ peer }) => {
    if (peer !== victim) {
      successor = peer;
      end();
    }
    return { role: 'count', keys: { lock: lock.slot } };
  });
  await victim.kill();
  await contending;
  return successor;
}

describe('the successor of a killed peer', () => {
  test('is started as the contenders of the scenario were, in its part', async () => {
    const end = new AbortController();
    const started: PeerKind[] = [];
    await using first = await Peer.start(HELPER32);
    await using context = await ScenarioContext.open([first], {
      scenario: 'one', control: false, seconds: LONG, reportWithin: 30, seed: 1, faults: HARDLY_EVER, background: () => Promise.resolve(), signal: end.signal, onProgress: () => undefined,
      startPeer(kind) {
        started.push(kind);
        return Peer.start(kind);
      },
    });
    await using successor = await killAndReplace(context, () => end.abort());
    expect(successor).not.toBe(first);
    expect(started).toEqual([HELPER32]);
  });

  test.each(transports)('is reached by the transport of the run, in its part and in the next scenario: %s', async transport => {
    const end = new AbortController();
    const reachedBy: TransportName[] = [];
    const scenario = (name: string, run: Scenario['run']): Scenario => ({
      name, summary: name, minimumContenders: 1, run, faults: { tolerates: ['kill'], timeouts: 'none', abandonments: 'at most one for each kill' },
    });
    const noteAll = ({ contenders }: ScenarioContext) => reachedBy.push(...contenders.map(({ peer }) => peer.transport));
    await runStress({
      scenarios: [
        scenario('at the end', async context => {
          noteAll(context);
          await Promise.all(context.contenders.map(({ peer }) => peer.kill()));
        }),
        scenario('in its part', async context => {
          noteAll(context);
          await killAndReplace(context, () => end.abort());
          noteAll(context);
        }),
      ],
      contenders: { [HELPER32]: 1 }, transport, seconds: LONG, faults: HARDLY_EVER, signal: end.signal,
    });
    expect(reachedBy).toEqual([transport, transport, transport]);
  });
});
