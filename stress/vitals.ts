import { readdirSync } from 'node:fs';
import { Event } from 'waitable';
import { Peer } from './peers/peer.js';
import type { Vitals } from './report/scenario-report.js';

/** What this process uses at this moment; on Windows a C helper looks from outside. */
export async function vitalsOfThisProcess(): Promise<Vitals> {
  if (process.platform === 'linux') return { handles: readdirSync('/proc/self/fd').length, megabytes: inMegabytes(process.memoryUsage.rss()) };
  await using helper = await Peer.start('helper64');
  const [handles, bytes] = await helper.send('vitals', process.pid);
  return { handles: Number(handles) || lowestFreeHandle(), megabytes: inMegabytes(Number(bytes)) };
}

function inMegabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** Wine 8 counts no handles, but gives out the lowest free one; values are multiples of 4. */
function lowestFreeHandle(): number {
  using probe = Event.create();
  return probe.handle / 4;
}
