import type { RunConfig } from '../runner/run-config.js';
import type { Scenario } from '../runner/scenario.js';
import { scenarios } from '../scenarios/index.js';
import { loadScenarios } from '../scenarios/load.js';

/** For the command line of another process. */
export function encodeRunConfig(config: RunConfig): string {
  const namesOf = (some: readonly Scenario[]) => some.map(({ name }) => name);
  return encodeURIComponent(JSON.stringify({ ...config, scenarios: namesOf(config.scenarios), selfTest: namesOf(config.selfTest) }));
}

export async function decodeRunConfig(text: string): Promise<RunConfig> {
  const config = JSON.parse(decodeURIComponent(text)) as Omit<RunConfig, 'scenarios' | 'selfTest'> & { scenarios: string[]; selfTest: string[] };
  const all = [...config.load === undefined ? [] : await loadScenarios(config.load), ...scenarios];
  const named = (names: readonly string[]) => all.filter(({ name }) => names.includes(name));
  return { ...config, scenarios: named(config.scenarios), selfTest: named(config.selfTest) };
}
