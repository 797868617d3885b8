import { readdirSync, readFileSync } from 'node:fs';
import { Event } from 'waitable';
import { Peer } from '../peers/peer.js';
import type { ProcessReport, ResourceUsage } from '../report/figures.js';

/** What this process uses at this moment; on Windows a C helper looks from outside. */
export async function usageOfThisProcess(): Promise<ResourceUsage> {
  return (await usageAfter([])).resourceUsage;
}

/** The same, and what each contender uses that is a process of its own and lives. */
export async function usageAfter(contenders: readonly Peer[]): Promise<{ resourceUsage: ResourceUsage; processes: readonly ProcessReport[] }> {
  const apart = contenders.map((peer, index) => ({ index, peer })).filter(({ peer }) => peer.kind !== 'thread' && !peer.hasEnded);
  if (process.platform === 'linux') {
    const processes = apart.map(({ index, peer }) => ({ contender: index, kind: peer.kind, ...usageOnLinux(peer.processId) }));
    return { resourceUsage: usageOnLinux(process.pid), processes };
  }
  await using helper = await Peer.start('helper64');
  const look = async (processId: number) => (await helper.send('vitals', processId)).map(Number);
  const [handles = 0, bytes = 0] = await look(process.pid);
  const processes: ProcessReport[] = [];
  for (const { index, peer } of apart) {
    const [count = 0, memory = 0] = await look(peer.processId);
    processes.push({ contender: index, kind: peer.kind, ...(count === 0 ? {} : { handles: count }), megabytes: inMegabytes(memory) });
  }
  return { resourceUsage: { handles: handles || lowestFreeHandle(), megabytes: inMegabytes(bytes) }, processes };
}

function usageOnLinux(processId: number): ResourceUsage {
  const resident = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1] ?? '0';
  return { handles: readdirSync(`/proc/${processId}/fd`).length, megabytes: inMegabytes(Number(resident) * 1024) };
}

/** To a tenth: a C helper takes less than one. */
function inMegabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20 * 10) / 10;
}

/** Wine 8 counts no handles, but gives out the lowest free one; values are multiples of 4. */
function lowestFreeHandle(): number {
  using probe = Event.create();
  return probe.handle / 4;
}
