export const FAULT_NAMES = ['kill', 'suspend', 'close', 'exhaust', 'interrupt', 'full', 'clock'] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

/** How often they strike, a second. */
export type Rates = Readonly<Partial<Record<FaultName, number>>>;
