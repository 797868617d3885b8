import type { View } from '../file/view.js';

/** How often, in ms, a thread that sleeps looks whether the files are still there. */
const INTERVAL = 500;

let lookedAt = 0;

/**
 * Looks now and then whether the files of the objects are still where they were: nobody wakes a sleeper when they are removed.
 *
 * @throws FileFailure
 * @param time - Of the monotonic clock.
 */
export function checkFilesNowAndThen(objects: readonly { readonly session: View }[], time: number): void {
  if (time - lookedAt < INTERVAL) return;
  lookedAt = time;
  for (const file of new Set(objects.map(({ session }) => session.file))) file.check();
}
