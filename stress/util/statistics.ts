/** Sorted copies, since the callers' order means pairs. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Pair by pair: the machine's speed drifts, and both of a pair drift alike. */
export function pairwise(own: readonly number[], other: readonly number[], combine: (own: number, other: number) => number): number[] {
  return own.map((value, index) => combine(value, other[index] ?? Number.NaN));
}
