import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { loadScenarios } from '../../../stress/scenarios/load.js';
import { parseOptions } from '../../../stress/cli/options.js';
import { decodeRunConfig, encodeRunConfig } from '../../../stress/checkout/run-config-codec.js';
import { runConfigOf } from '../../../stress/runner/run-config.js';

const folder = mkdtempSync(join(tmpdir(), 'waitable-load-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const own = fileURLToPath(new URL('../fixtures/own.scenarios.js', import.meta.url));
let files = 0;

function write(code: string): string {
  const file = join(folder, `${++files}.mjs`);
  writeFileSync(file, code);
  return file;
}

describe('scenarios of a module', () => {
  test('run instead of the built-in ones, or beside those that are named', async () => {
    const namesOf = async (...argv: string[]) => {
      const { scenarios, techniques } = await parseOptions(['--load', own, ...argv]);
      return [...scenarios.map(({ name }) => name), ...techniques ? ['techniques'] : []];
    };
    expect(await namesOf()).toEqual(['own-lock']);
    expect(await namesOf('--scenario', 'mutex', 'own-lock')).toEqual(['own-lock', 'mutex']);
    expect(await namesOf('--scenario', 'techniques')).toEqual(['techniques']);
  });

  test('are found again by the process that has the run take place', async () => {
    const config = runConfigOf(await parseOptions(['--load', own, '--scenario', 'own-lock', 'mutex']), 1);
    expect(await decodeRunConfig(encodeRunConfig(config))).toEqual(config);
  });

  test.each<[string, string, string]>([
    ['cannot be imported', 'no code', 'no code'],
    ['exports none', 'export const scenario = 1', 'it must export "scenarios", an array of at least one'],
    ['exports no scenario', 'export const scenarios = [null]', 'scenarios[0] must be an object'],
    ['has one without a name', 'export const scenarios = [{}]', 'scenarios[0] must have a name without spaces; given: undefined'],
    ['has one by a taken name', 'export const scenarios = [{ name: "mutex" }]', 'must have a name that is not taken; given: mutex'],
    ['has one without a summary', 'export const scenarios = [{ name: "x" }]', 'must have a summary; given: undefined'],
    ['has one without contenders', 'export const scenarios = [{ name: "x", summary: "", minimumContenders: 0 }]', 'must have minimumContenders, a whole number from 1; given: 0'],
    ['has one that cannot run', 'export const scenarios = [{ name: "x", summary: "", minimumContenders: 1 }]', 'scenarios[0] must have a function run'],
  ])('are refused where it %s', async (_, code, reason) => {
    const file = write(code);
    if (code !== 'no code') await expect(loadScenarios(file)).rejects.toThrow(reason);
    const printed: string[] = [];
    const mock = vi.spyOn(process.stderr, 'write').mockImplementation(text => printed.push(String(text)) > 0);
    await expect(parseOptions(['--load', file])).rejects.toThrow();
    mock.mockRestore();
    expect(printed.join('')).toContain(`error: --load ${file}: `);
  });
});
