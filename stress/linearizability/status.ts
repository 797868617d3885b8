import type { WaitResult } from 'waitable';
import { ABANDONED, TIMEOUT } from './operation.js';

/** The outcome of a wait, as a record has it. */
export function statusOf({ status, index }: Pick<WaitResult, 'status' | 'index'>): number {
  if (status === 'timeout') return TIMEOUT;
  return status === 'abandoned' ? ABANDONED + index : index;
}
