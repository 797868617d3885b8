import type { Arena } from './arena.js';

/** One way to contend, and the exact invariants it checks. */
export interface Scenario {
  readonly name: string;
  /** One line for `--list`. */
  readonly summary: string;
  /** A negative control has to break an invariant: it proves that the checks would notice. */
  readonly control?: true;
  /** How many contenders it cannot do without. */
  readonly minimumContenders: number;
  run(arena: Arena): Promise<void>;
}
