import type { Bitness } from './bitness.js';

export interface Helpers {
  /** Files, or empty. */
  readonly helpers: Readonly<Record<Bitness, string>>;
  readonly lacking: readonly string[];
}

/** The C helpers for Linux. */
export function prepareHelpers(): Promise<Helpers> {
  return Promise.resolve({ helpers: { x64: '', ia32: '' }, lacking: ['the C helpers natively: there are none for Linux yet; Nodes stand in for them'] });
}
