/**
 * How a contender of a negative control does something else than it enters in its record, so that the checker has to find it out. A lie is known in the protocol by its place here.
 *
 * - `lock`: it takes and releases no mutex, but says so (of those that are not waited for together with others).
 * - `permit`: a release of more than one permit of a semaphore gives one too few.
 * - `set`: every fourth time it does not set the event.
 * - `part`: it takes the objects of a wait for all one after the other, and gives them back when it comes to one that it does not get.
 * - `news`: it does not tell that a mutex was abandoned.
 * - `signal`: where it signals an event or a semaphore and waits, it only waits.
 * - `abort`: an asynchronous wait that took something before it was aborted says that it was. (Of Node peers alone.)
 */
export const DEFECTS = ['none', 'lock', 'permit', 'set', 'part', 'news', 'signal', 'abort'] as const;
export type Defect = (typeof DEFECTS)[number];
