export const FAULT_NAMES = ['kill', 'reap', 'suspend', 'close', 'exhaust', 'interrupt', 'full', 'clock'] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

/** Whether a process dies of it, and with it what may have been its own. */
export function isDeadly(fault: FaultName): boolean {
  return fault === 'kill' || fault === 'reap';
}

/** How often they strike, a second. */
export type Rates = Readonly<Partial<Record<FaultName, number>>>;
