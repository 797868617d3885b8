import { isAsynchronous, type Operation } from './operation.js';

/**
 * Who can own a mutex, as a number. Of each contender there are two: its thread, which may take the mutex again, and its asynchronous code, which owns it by a lock, and may not. Neither lets the
 * other in.
 */
export type Owner = number;

export function threadOf(contender: number): Owner {
  return 2 * contender;
}

export function codeOf(contender: number): Owner {
  return 2 * contender + 1;
}

/** Who owns what this operation takes, and releases. */
export function ownerOf({ verb, contender }: Pick<Operation, 'verb' | 'contender'>): Owner {
  return isAsynchronous(verb) ? codeOf(contender) : threadOf(contender);
}

export function isThread(owner: Owner): boolean {
  return owner % 2 === 0;
}

export function contenderOf(owner: Owner): number {
  return Math.floor(owner / 2);
}
