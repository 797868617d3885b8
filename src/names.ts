import { createHash } from 'node:crypto';
import { typeError } from './arguments.js';
import { InvalidNameError } from './errors.js';

/**
 * The longest name in UTF-16 units, prefix included: MAX_PATH, as Windows documents it. Windows itself takes longer ones, which no
 * program that keeps to the documentation can open.
 */
export const MAXIMUM_NAME_LENGTH = 260;

const LOCAL = 'Local\\';
const GLOBAL = 'Global\\';

/**
 * Refuses what is not a name, before any system call: Windows would cut a name at an embedded NUL and take it for another one, and
 * takes lengths that it does not document.
 */
export function checkName(name: unknown): string {
  if (typeof name !== 'string') throw typeError('name', 'a string', name, hintFor(name));
  const bare = withoutPrefix(name);
  if (bare === '') throw new InvalidNameError(`name must not be empty; given: ${JSON.stringify(name)}`, name);
  if (name.length > MAXIMUM_NAME_LENGTH) {
    throw new InvalidNameError(`name must have at most ${MAXIMUM_NAME_LENGTH} UTF-16 units with its prefix; given: ${name.length}, beginning ${JSON.stringify(name.slice(0, 40))}`, name);
  }
  if (bare.includes('\0')) throw new InvalidNameError(`name must not contain NUL; given: ${JSON.stringify(name)}`, name);
  if (bare.includes('\\')) {
    throw new InvalidNameError(`name must not contain a backslash except in the prefixes Local\\ and Global\\ (case-sensitive); given: ${JSON.stringify(name)}`, name);
  }
  if (RESERVED.test(bare)) {
    throw new InvalidNameError(`name must not be ${bare} alone, which Windows keeps for itself; given: ${JSON.stringify(name)}`, name);
  }
  return name;
}

/**
 * Two names are the same object's exactly if these are equal: no prefix means `Local\`.
 *
 * @param namespacesAreOne - See `Kernel`.
 */
export function canonicalName(name: string, namespacesAreOne: boolean): string {
  return name.startsWith(GLOBAL) && !namespacesAreOne ? name : LOCAL + withoutPrefix(name);
}

/** Who wants no name may give the options in its place. */
function hintFor(given: unknown): string | undefined {
  return typeof given === 'object' && given !== null ? 'Options come second: undefined stands for no name' : undefined;
}

function withoutPrefix(name: string): string {
  for (const prefix of [LOCAL, GLOBAL]) {
    if (name.startsWith(prefix)) return name.slice(prefix.length);
  }
  return name;
}

/** What `safeName` gives leaves room for a prefix and for words of the caller's. */
const SAFE_LENGTH = MAXIMUM_NAME_LENGTH - 60;
/** Windows keeps these for itself, as links and folders in the same directory of names. */
const RESERVED = /^(?:Local|Global|Session|AppContainerNamedObjects|Restricted)$/;
/** What stands escaped: the escape itself, the backslash, control characters, and halves of surrogate pairs (which no other platform could name). */
const ESCAPED = /[%\\\u0000-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Turns any text, such as a path or a URL, into a legal name without a prefix, so that different texts get different names.
 *
 * Legal text stays as it is, apart from `%`. A text that gets too long is cut and ends in a hash of the whole (SHA-256), so two of them could only
 * share a name if their hashes collided. The result has at most 200 UTF-16 units: 60 are left for a prefix and for words of your own.
 *
 * @example
 * ```ts
 * const lock = Mutex.create(`Local\\build ${safeName(process.cwd())}`);
 * ```
 * @throws TypeError if `text` is not a string.
 */
export function safeName(text: string): string {
  if (typeof text !== 'string') throw typeError('text', 'a string', text);
  // '%' alone stands for the empty text, and '%#' begins a hash: an escape is always followed by a hexadecimal digit or a 'u'.
  if (text === '') return '%';
  const escaped = text.replace(ESCAPED, escape).replace(RESERVED, word => escape(word.slice(0, 1)) + word.slice(1));
  if (escaped.length <= SAFE_LENGTH) return escaped;
  // UTF-16, because UTF-8 would make all halves of surrogate pairs alike.
  const hash = `%#${createHash('sha256').update(text, 'utf16le').digest('hex')}`;
  return escaped.slice(0, SAFE_LENGTH - hash.length).replace(/[\ud800-\udbff]$/, '') + hash;
}

function escape(unit: string): string {
  const code = unit.charCodeAt(0);
  const digits = code.toString(16).toUpperCase();
  return code < 0x100 ? `%${digits.padStart(2, '0')}` : `%u${digits}`;
}
