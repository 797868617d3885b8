import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, type } from 'node:os';
import type { MachineReport } from '../report/stress-report.js';

/** Of the machine that this process runs on. */
export function machineReport(): MachineReport {
  const { version } = createRequire(import.meta.url)('waitable/package.json') as { version: string };
  return {
    kernel: process.platform === 'win32' ? 'win32' : 'linux',
    system: `${type()} ${release()}`,
    arch: process.arch,
    processors: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? '',
    node: process.version,
    waitable: version,
  };
}
