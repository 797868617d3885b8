/**
 * How a contender of a negative control does something else than it enters in its record, so that the checker has to find it out. A lie is known in the protocol by its place here.
 *
 * - `lock`: it takes and releases no mutex, but says so (of those that are not waited for together with others).
 * - `permit`: a release of more than one permit of a semaphore gives one too few.
 * - `set`: every fourth time it does not set the event.
 * - `part`: it takes the objects of a wait for all one after the other, and gives them back when it comes to one that it does not get.
 * - `news`: it does not tell that a mutex was abandoned.
 */
export const LIES = ['none', 'lock', 'permit', 'set', 'part', 'news'] as const;
export type Lie = (typeof LIES)[number];
