import { expect, test } from 'vitest';
import { readOptions } from '../../stress/options.js';
import { scenarios } from '../../stress/scenarios/index.js';

test('the techniques are run with all scenarios, alone, or not at all', () => {
  expect(readOptions([])).toMatchObject({ techniques: true, scenarios });
  expect(readOptions(['--scenario', 'techniques'])).toMatchObject({ techniques: true, scenarios: [] });
  expect(readOptions(['--scenario', 'techniques', 'mutex'])).toMatchObject({ techniques: true, scenarios: [{ name: 'mutex' }] });
  expect(readOptions(['--scenario', 'mutex'])).toMatchObject({ techniques: false, scenarios: [{ name: 'mutex' }] });
});
