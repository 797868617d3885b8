import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { safeName, Event } from 'waitable';
import { scenarios, type StressDocument } from 'waitable/stress';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../stress/util/exit-codes.js';
import type { RunEvent } from '../../../stress/runner/events.js';
import { encodeRunConfig } from '../../../stress/checkout/run-config-codec.js';
import { peerPrograms } from '../../../stress/peers/programs.js';

const ON_WINDOWS = process.platform === 'win32';
const MAIN = fileURLToPath(new URL('../../../stress/checkout/stress-child-main.js', import.meta.url));
const CLI = fileURLToPath(new URL('../../../stress/checkout/stress.js', import.meta.url));

/** One that lasts until it is interrupted. */
const CONFIG = encodeRunConfig({
  scenarios: scenarios.filter(({ name }) => name === 'mutex' || name === 'semaphore'), selfTest: [], techniques: false, transport: 'pipe', faults: {}, seconds: 3600, seed: 1,
  workers: 2, nodes: 0, helpers: 0, helpers64: 0, node32: 0,
});

/** Runs until `interrupt`, which is called as soon as something has been done. */
function runInterrupted([command, ...args]: [string, ...string[]], interrupt: (child: ChildProcess) => void, env: NodeJS.ProcessEnv = {}): Promise<{ exitCode: number | null; told: RunEvent[] }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const told: RunEvent[] = [];
  let text = '';
  let isAsked = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk.replace('\0', '')).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) told.push(JSON.parse(line) as RunEvent);
    if (isAsked || !told.some(event => event.type === 'progress' && event.operations > 0)) return;
    isAsked = true;
    interrupt(child);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', exitCode => resolve({ exitCode, told }));
  });
}

function expectInterrupted({ exitCode, told }: Awaited<ReturnType<typeof runInterrupted>>): void {
  expect(told.at(-1)).toMatchObject({ type: 'report', report: { ended: 'interrupted', passed: true, scenarios: [{ scenario: 'mutex', interrupted: true, verdict: 'held' }] } });
  expect(exitCode).toBe(EXIT.interrupted);
}

describe('a run in a process of its own ends in order and reports what it has measured', () => {
  test.runIf(!ON_WINDOWS).for(['SIGINT', 'SIGTERM'] as const)('at %s', async signal => {
    expectInterrupted(await runInterrupted([process.execPath, MAIN, CONFIG], child => child.kill(signal)));
  });

  test('at an event', async () => {
    const name = safeName(`waitable-test interruption ${process.pid}`);
    using event = Event.create(name, { manualReset: true });
    expectInterrupted(await runInterrupted([process.execPath, MAIN, CONFIG], () => event.set(), { WAITABLE_INTERRUPTION: name }));
  });

  test.runIf(ON_WINDOWS && peerPrograms.relay32 !== undefined)('at a byte for the relay, by which Linux has it run under Wine', async () => {
    expectInterrupted(await runInterrupted([peerPrograms.relay32 ?? '', '--from-unix', process.execPath, MAIN, CONFIG], child => child.stdin?.write('\0')));
  });
});

describe.runIf(!ON_WINDOWS)('an interruption of the command line', () => {
  test.each<[string, (processId: number) => void]>([
    ['for it alone', processId => process.kill(processId, 'SIGTERM')],
    ['by a terminal, for all processes in it', processId => process.kill(-processId, 'SIGINT')],
  ])('%s, ends the run where it takes place, and prints one whole document', async (_, interrupt) => {
    const args = [CLI, '--kernel', 'linux', '--scenario', 'mutex', 'semaphore', 'techniques', '--seconds', '3600', '--workers', '1', '--nodes', '1', '--helpers', '1', '--helpers64', '1', '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => text += chunk);
    child.stderr.setEncoding('utf8').on('data', (line: string) => {
      if (line.includes('linux mutex: begun') && child.pid !== undefined) interrupt(child.pid);
    });
    const exitCode = await new Promise(resolve => child.once('close', resolve));
    const { runs } = JSON.parse(text) as StressDocument;
    expect(runs).toMatchObject([{ kernel: 'linux', exitCode: EXIT.interrupted, ended: 'interrupted', passed: true, scenarios: [{ scenario: 'mutex', interrupted: true }] }]);
    expect(exitCode).toBe(EXIT.interrupted);
  });
});
