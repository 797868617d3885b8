import type { Win } from './try-take.js';
import type { Target } from './target.js';

/** How a wait that has not won ends: `undefined` is a timeout. */
export type Ending = { readonly error: unknown } | undefined;

/** How wait threads help a wait to what it waits for. */
export interface WaitStrategy {
  /** May throw; then `giveUp` follows. */
  start(): void;
  /** `over` follows, now or later. */
  giveUp(): void;
}

/** The wait that is pursued, as its strategy sees it. */
export interface Pursued {
  readonly targets: readonly Target[];
  readonly all: boolean;
  /** Something other than a win is to end the wait, for which it has the strategy give up. */
  end(ending: Ending): void;
  /** The strategy's last word: what was won, if anything. */
  over(win?: Win): void;
}
