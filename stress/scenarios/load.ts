import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../util/error-message.js';
import type { Scenario } from '../runner/scenario.js';
import { scenarios as builtIn } from './index.js';
import { TECHNIQUES } from '../techniques/index.js';

/** A module that cannot be loaded, or has no scenarios. */
export class NoScenariosError extends Error {
  override readonly name = 'NoScenariosError';
}

/**
 * The scenarios of somebody's own: what an ES module exports as `scenarios`.
 *
 * @throws (rejects with) NoScenariosError.
 */
export async function loadScenarios(file: string): Promise<readonly Scenario[]> {
  const { scenarios } = await load(file);
  if (!Array.isArray(scenarios) || scenarios.length === 0) throw new NoScenariosError('it must export "scenarios", an array of at least one');
  for (const [index, scenario] of scenarios.entries()) {
    const wrong = whatIsWrong(scenario);
    if (wrong !== undefined) throw new NoScenariosError(`scenarios[${index}] ${wrong}`);
  }
  return scenarios as Scenario[];
}

async function load(file: string): Promise<{ readonly scenarios?: unknown }> {
  try {
    return await import(pathToFileURL(resolve(file)).href) as object;
  } catch (error) {
    throw new NoScenariosError(messageOf(error), { cause: error });
  }
}

/** A look at what is needed to run it: the rest is for its author's compiler. */
function whatIsWrong(scenario: unknown): string | undefined {
  if (typeof scenario !== 'object' || scenario === null) return 'must be an object';
  const { name, summary, minimumContenders, run } = scenario as Partial<Record<keyof Scenario, unknown>>;
  if (typeof name !== 'string' || !/^\S+$/.test(name)) return `must have a name without spaces; given: ${JSON.stringify(name)}`;
  if (name === TECHNIQUES.name || builtIn.some(each => each.name === name)) return `must have a name that is not taken; given: ${name}`;
  if (typeof summary !== 'string') return `must have a summary; given: ${JSON.stringify(summary)}`;
  if (!Number.isInteger(minimumContenders) || Number(minimumContenders) < 1) return `must have minimumContenders, a whole number from 1; given: ${JSON.stringify(minimumContenders)}`;
  return typeof run === 'function' ? undefined : 'must have a function run';
}
