import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { givenHelpersStep } from '../../../stress/machine/build/given-helpers.js';
import { SetupError } from '../../../stress/machine/setup-error.js';

const folder = mkdtempSync(join(tmpdir(), 'waitable-given-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAMES = ['win32/client32.dll', 'win32/client64.dll', 'win32/helper32.exe', 'win32/helper64.exe'];

/** As a package has them. */
function helpers(name: string): string {
  const given = join(folder, name);
  mkdirSync(join(given, 'win32'), { recursive: true });
  for (const program of NAMES) writeFileSync(join(given, program), program);
  const manifest = Object.fromEntries(NAMES.map(program => [program, createHash('sha256').update(program).digest('hex')]));
  writeFileSync(join(given, 'manifest.json'), JSON.stringify(manifest));
  return given;
}

test('C programs that were made elsewhere are taken from their folder, once', async () => {
  const target = join(folder, 'taken');
  const step = givenHelpersStep(helpers('whole'), target);
  expect(step.isDone()).toBe(false);
  await step.perform();
  expect(step.isDone()).toBe(true);
  expect(readdirSync(target)).toEqual(expect.arrayContaining(['client32.dll', 'client64.dll', 'helper32.exe', 'helper64.exe']));
  expect(readFileSync(join(target, 'helper32.exe'), 'utf8')).toBe('win32/helper32.exe');
});

test('none is taken if one of them is not what it is said to be, or is not there', async () => {
  const target = join(folder, 'refused');
  const changed = helpers('changed');
  writeFileSync(join(changed, 'win32/helper64.exe'), 'another');
  const lacking = helpers('lacking');
  rmSync(join(lacking, 'win32/client32.dll'));
  for (const given of [changed, lacking]) await expect(givenHelpersStep(given, target).perform()).rejects.toThrow(SetupError);
  await expect(givenHelpersStep(lacking, target).perform()).rejects.toThrow(/WAITABLE_HELPERS.*client32\.dll/);
  expect(() => givenHelpersStep(join(folder, 'nowhere'), target).isDone()).toThrow(/WAITABLE_HELPERS.*manifest\.json/);
  expect(existsSync(target)).toBe(false);
});
