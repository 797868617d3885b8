import { withSetupLock } from './setup-lock.js';

export interface SetupStep {
  /** Quick: asked each time a machine is prepared. May rely on the steps before it. */
  readonly isDone: () => boolean;
  readonly perform: () => Promise<void>;
}

/** Does what is not done yet, in order, while no other process does the same. */
export async function carryOut(steps: readonly SetupStep[]): Promise<void> {
  if (steps.every(step => step.isDone())) return;
  await withSetupLock(async () => {
    for (const step of steps) {
      if (!step.isDone()) await step.perform();
    }
  });
}
