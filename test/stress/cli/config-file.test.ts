import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { CommanderError } from '../../../stress/util/libraries/commander.js';
import { parseOptions, type CommandLine } from '../../../stress/cli/options.js';

const folder = mkdtempSync(join(tmpdir(), 'waitable-config-'));
const file = join(folder, 'stress.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

function parsed(content: unknown, ...argv: string[]): Promise<CommandLine> {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return parseOptions(['--config', file, ...argv]);
}

async function refusal(content: unknown): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation(text => printed.push(String(text)) > 0);
  await expect(parsed(content)).rejects.toThrow(CommanderError);
  return printed.join('');
}

describe('a configuration file', () => {
  test('says what the command line does not', async () => {
    const given = await parsed({ scenario: ['mutex', 'semaphore'], seconds: 2, workers: 3, kernel: 'linux', json: true }, '--workers', '1');
    expect(given).toMatchObject({ seconds: 2, workers: 1, kernel: 'linux', json: true });
    expect(given.scenarios.map(({ name }) => name)).toEqual(['mutex', 'semaphore']);
  });

  test('gives way to the command line as a whole: a list there is not added to, and how long is said once', async () => {
    const given = await parsed({ scenario: ['mutex', 'ping-pong'], duration: '10m' }, '--scenario', 'semaphore', '--seconds', '1');
    expect(given.scenarios.map(({ name }) => name)).toEqual(['semaphore']);
    expect(given).toMatchObject({ seconds: 1 });
    expect(given.duration).toBeUndefined();
    expect((await parsed({ seconds: 3 }, '--duration', '1m')).duration).toBe(60);
  });

  test.each<[unknown, string]>([
    ['{', 'JSON'],
    [[], 'it must be a JSON object with an entry for each option'],
    [{ colour: 'red' }, 'there is no option "colour"; allowed are scenario, load, kernel, seconds'],
    [{ config: 'other.json' }, 'there is no option "config"'],
    [{ scenario: 'mutex' }, '"scenario" must be an array of texts; given: "mutex"'],
    [{ seconds: [1] }, '"seconds" must be a text or a number; given: [1]'],
    [{ seconds: 0 }, "'--seconds <n>' argument '0' is invalid"],
    [{ scenario: ['nothing'] }, 'Allowed choices are mutex'],
    [{ seconds: 1, duration: '1m' }, 'cannot be used with'],
  ])('is refused, with the reason: %j', async (content, reason) => {
    const printed = await refusal(content);
    expect(printed).toContain(reason);
  });

  test('is refused where there is none', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(parseOptions(['--config', join(folder, 'absent.json')])).rejects.toThrow('absent.json');
  });
});
