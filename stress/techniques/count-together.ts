import { setImmediate } from 'node:timers/promises';
import type { Mutex } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { Board, boardLayout, COUNTER, PROGRESS, STOP } from '../peers/board.js';
import { RoleContext, type Report } from '../peers/roles/role-context.js';
import type { Peer } from '../peers/peer.js';
import { checkedCount } from '../peers/roles/roles.js';
import { PATIENCE, type TechniqueContext } from './technique-context.js';

const SELF = 0;
const PARTNER = 1;
const CONTENDERS = 2;
/** How long this thread keeps to itself, in ms. */
const TURN = 50;

/** A section that the two share: a board. Without a name, only a handle leads to it. */
export function createBoard(name?: string): SharedMemory {
  return SharedMemory.create(name, boardLayout);
}

/** The partner's part, as a command of PROTOCOL.md. */
export function countCommand(slots: { readonly board: number; readonly lock: number }, spin = 100): string {
  return `run count board=${slots.board} contender=${PARTNER} contenders=${CONTENDERS} spin=${spin} lock=${slots.lock}`;
}

/** Has a peer play the partner until it is told to stop, and takes in its report. */
export async function playPartner(context: TechniqueContext, peer: Peer, slots: { readonly board: number; readonly lock: number }, spin?: number): Promise<void> {
  const [, abandonments, violations, first = '-'] = await peer.send(countCommand(slots, spin));
  checkReport(context, `the ${peer.kind}`, { abandonments: Number(abandonments), violations: Number(violations), first });
}

export interface Contest {
  readonly mutex: Mutex;
  readonly board: SharedMemory;
  /** Turns of an empty loop that widen the critical section. */
  readonly spin?: number;
  /** A negative control: goes on until an increment is lost, as long as there is patience. Two who share a processor may not collide for a while. */
  readonly toBreak?: boolean;
}

/**
 * This thread counts in the section, under the mutex, while its partner does, until the time of the context has passed: not one increment may be lost.
 *
 * @param partner - Ends when it has been told to stop, and has been checked.
 */
export async function contend(context: TechniqueContext, { mutex, board: memory, spin = 100, toBreak = false }: Contest, partner: Promise<void>): Promise<void> {
  partner.catch(() => undefined); // it is awaited below
  const board = new Board(memory.buffer);
  const began = performance.now();
  const isThrough = ({ violations }: Report) => (board.load(PROGRESS + PARTNER) > 0 && (violations > 0 || !toBreak)) || performance.now() - began > PATIENCE;
  const contention = new RoleContext({ board, contender: SELF, contenders: CONTENDERS, spin, interrupt: () => undefined });
  let report: Report;
  try {
    do {
      await setImmediate(); // what is sent gets out, and a signal comes in
      report = contention.run(self => count(self, mutex));
    } while (report.firstViolation !== 'stuck' && !(context.isOver && isThrough(report)));
  } finally {
    board.store(STOP, 1); // however it ends, the partner is told to
  }
  checkReport(context, 'this Node', { ...report, first: report.firstViolation ?? '-' });
  await partner;

  const operations = board.sumOfProgress(CONTENDERS);
  context.did(operations);
  context.check('the two have met', board.load(PROGRESS + PARTNER) > 0, 'the peer has counted nothing');
  context.checkEqual('the counter equals the operations done', board.load(COUNTER), operations);
  const { status } = mutex.waitSync(0);
  context.checkEqual('the mutex is free in the end', status, 'signaled');
  if (status !== 'timeout') mutex.release();
}

/** For a while. */
function count(self: RoleContext, mutex: Mutex): void {
  const end = performance.now() + TURN;
  while (performance.now() < end) {
    const { status } = self.wait(timeout => mutex.waitSync(timeout));
    const before = checkedCount(self, status === 'abandoned');
    self.spin();
    self.board.write(COUNTER, before + 1);
    self.progress();
    mutex.release();
  }
}

function checkReport(context: TechniqueContext, who: string, { abandonments, violations, first }: { readonly abandonments: number; readonly violations: number; readonly first: string }): void {
  context.check(`${who} sees nothing that must not be (${first})`, violations === 0, `${violations} times`);
  context.checkEqual(`${who} sees no abandonment`, abandonments, 0);
}
