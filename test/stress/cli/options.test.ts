import { CommanderError } from '../../../stress/util/libraries/commander.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseOptions } from '../../../stress/cli/options.js';
import { scenarios } from '../../../stress/scenarios/index.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is printed when the command line is refused. */
async function refusal(...argv: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation(text => printed.push(String(text)) > 0);
  await expect(parseOptions(argv)).rejects.toThrow(CommanderError);
  return printed.join('');
}

describe('the command line of the stress run', () => {
  test('may be empty', async () => {
    expect(await parseOptions([])).toEqual({ scenarios, selfTest: scenarios.filter(({ negativeControls }) => negativeControls !== undefined), techniques: true, faults: {}, seconds: 5, workers: 2, nodes: 0, helpers: 2, helpers64: 0, json: false, transport: 'pipe' });
  });

  test('says which scenarios, who contends, for how long and with which seed', async () => {
    const given = await parseOptions(['--scenario', 'mutex', 'flows', '--workers', '0', '--nodes', '1', '--helpers', '3', '--helpers64', '4', '--node32', '2', '--seconds', '0.5', '--seed', '7', '--kernel', 'linux', '--json']);
    expect(given).toEqual({
      scenarios: scenarios.filter(({ name }) => name === 'mutex' || name === 'flows'), selfTest: [], techniques: false,
      workers: 0, nodes: 1, helpers: 3, helpers64: 4, node32: 2, seconds: 0.5, seed: 7, faults: {}, kernel: 'linux', json: true, transport: 'pipe',
    });
  });

  test.each([['90s', 90], ['10m', 600], ['1.5h', 5400], ['1 day', 86_400]])('takes a duration for the whole run: %s', async (text, seconds) => {
    expect((await parseOptions(['--duration', text])).duration).toBe(seconds);
  });

  test('may name a file for the report', async () => {
    expect((await parseOptions(['--json', 'report.json'])).json).toBe('report.json');
  });

  test.each([
    [['--seconds', '0'], '--seconds'],
    [['--seconds', 'x'], '--seconds'],
    [['--duration', '10'], 'such as 90s, 10m or 1.5h'],
    [['--duration', '0s'], 'above 0, up to 1d'],
    [['--duration', '2 fortnights'], '--duration'],
    [['--duration', '1m', '--seconds', '1'], 'cannot be used with'],
    [['--json', 'no-such-folder/report.json'], 'there is no such folder'],
    [['--json', '.'], 'this is no file'],
    [['--html', '.'], '--html .: this is no file'],
    [['--compare', 'absent.json'], '--compare absent.json: ENOENT'],
    [['--compare', 'x.json', '--json'], '--compare prints a table, and --json alone nothing but JSON'],
    [['--load', 'absent.js'], '--load absent.js: Cannot find module'],
    [['--seed', '0'], 'from 1 to 2147483647'],
    [['--seed', '2147483648'], 'from 1 to 2147483647'],
    [['--workers', '-1'], '--workers'],
    [['--helpers64', '129'], 'from 0 to 128'],
    [['--scenario', 'nothing'], 'Allowed choices are mutex'],
    [['--kernel', 'darwin'], 'linux, win32'],
    [['--workers', '0', '--helpers', '0'], 'from 2 to 128 contenders are needed in all; given: 1'],
    [['--workers', '100', '--helpers', '100'], 'given: 201'],
    [['--transport', 'rpc', '--kernel', 'linux'], 'with --kernel linux there is only pipe'],
    [['--transport', 'smoke'], 'pipe, rpc, com'],
    [['--faults', 'flood'], '--faults must be kill, reap, suspend, close, exhaust, interrupt, full, clock or all'],
    [['--faults', 'kill=often'], 'given: kill=often'],
    [['--faults', 'kill=-1'], 'given: kill=-1'],
    [['--unknown'], '--unknown'],
  ])('is refused, with the reason: %j', async (argv, reason) => {
    expect(await refusal(...argv)).toContain(reason);
  });

  test('has the techniques run with all scenarios, alone, or not at all', async () => {
    expect(await parseOptions([])).toMatchObject({ techniques: true, scenarios });
    expect(await parseOptions(['--scenario', 'techniques'])).toMatchObject({ techniques: true, scenarios: [] });
    expect(await parseOptions(['--scenario', 'techniques', 'mutex'])).toMatchObject({ techniques: true, scenarios: [{ name: 'mutex' }] });
    expect(await parseOptions(['--scenario', 'mutex'])).toMatchObject({ techniques: false, scenarios: [{ name: 'mutex' }] });
  });

  test('has the broken twins run with all scenarios, or alone', async () => {
    expect(await parseOptions(['--self-test', '--scenario', 'mutex'])).toMatchObject({ scenarios: [], selfTest: [{ name: 'mutex' }], techniques: false });
    expect((await parseOptions(['--self-test'])).selfTest).toEqual((await parseOptions([])).selfTest);
    expect(await refusal('--self-test', '--scenario', 'techniques')).toContain('--self-test needs a scenario with a broken twin');
  });

  test('says which faults strike, and how often: a usual rate where it does not say, and the last word counts', async () => {
    expect((await parseOptions(['--faults', 'kill=2', 'suspend'])).faults).toEqual({ kill: 2, suspend: 2 });
    expect((await parseOptions(['--faults', 'all', 'kill=0', 'close=0.5'])).faults).toEqual({ kill: 0, reap: 1, suspend: 2, close: 0.5, exhaust: 1, interrupt: 2, full: 0.1 });
    expect((await parseOptions(['--faults', 'all', 'clock'])).faults).toHaveProperty('clock');
  });

  test('can ask for the list of the scenarios, and of the techniques', async () => {
    const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await expect(parseOptions(['--list'])).rejects.toThrow(expect.objectContaining({ exitCode: 0 }) as Error);
    expect(printed).toHaveBeenCalledTimes(scenarios.length + 1);
  });
});
