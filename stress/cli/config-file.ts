import { readFileSync } from 'node:fs';
import type { Command, Option } from '../util/libraries/commander.js';
import { messageOf } from '../util/error-message.js';

/** Asked of the command line alone. */
const NOT_IN_FILES = ['--config', '--list'];

/** One says what the other would: given one of them, neither is taken from the file. */
const EXCLUDING: Readonly<Record<string, readonly string[]>> = { '--seconds': ['--seconds', '--duration'], '--duration': ['--seconds', '--duration'] };

/**
 * What a configuration file says, as arguments of the command: its keys are the names of the options. Those that the command line has given, `command` having read it, are left out.
 *
 * @throws CommanderError, when it has printed what is wrong in the file.
 */
export function argumentsInFile(file: string, command: Command): string[] {
  const fail = (reason: string) => command.error(`error: --config ${file}: ${reason}`);
  const options = command.options.filter(({ long }) => long !== undefined && !NOT_IN_FILES.includes(long));
  const given = options.filter(option => command.getOptionValueSource(option.attributeName()) === 'cli').flatMap(({ long = '' }) => EXCLUDING[long] ?? [long]);
  return Object.entries(readObject(file, fail)).flatMap(([key, value]) => {
    const option = options.find(({ long }) => long === `--${key}`) ?? fail(`there is no option "${key}"; allowed are ${options.map(({ long = '' }) => long.slice(2)).join(', ')}`);
    const found = argumentsFor(option, value, fail);
    return given.includes(option.long ?? '') ? [] : found;
  });
}

function readObject(file: string, fail: (reason: string) => never): object {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    fail(messageOf(error));
  }
  return typeof content === 'object' && content !== null && !Array.isArray(content) ? content : fail('it must be a JSON object with an entry for each option');
}

/** Of what kind a value is; whether it is a sensible one, the command says when it parses the arguments. */
function argumentsFor({ long = '', required, optional, variadic }: Option, value: unknown, fail: (reason: string) => never): string[] {
  const complain = (allowed: string) => fail(`"${long.slice(2)}" must be ${allowed}; given: ${JSON.stringify(value)}`);
  if (typeof value === 'boolean' && !required) return value ? [long] : [];
  if (!required && !optional) complain('true or false');
  if (variadic) return isTexts(value) ? value.map(each => `${long}=${each}`) : complain('an array of texts');
  if (typeof value !== 'string' && typeof value !== 'number') complain(optional ? 'a text, true or false' : 'a text or a number');
  return [`${long}=${String(value)}`];
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string');
}
