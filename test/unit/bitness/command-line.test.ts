import fc from 'fast-check';
import { expect, test } from 'vitest';
import { environmentBlock, quoteArguments } from '../../../src/kernel/win32/command-line.js';

/** What `CommandLineToArgvW` documents, for the part behind the program's name. */
function parse(line: string): string[] {
  const args: string[] = [];
  let at = 0;
  while (at < line.length) {
    while (line[at] === ' ' || line[at] === '\t') at++;
    if (at >= line.length) break;
    let word = '';
    for (let quoted = false; at < line.length && (quoted || (line[at] !== ' ' && line[at] !== '\t')); ) {
      let backslashes = 0;
      while (line[at + backslashes] === '\\') backslashes++;
      const mark = line[at + backslashes] === '"';
      word += '\\'.repeat(mark ? backslashes >> 1 : backslashes);
      at += backslashes;
      if (mark) {
        if (backslashes % 2 === 1) word += '"';
        else quoted = !quoted;
        at++;
      } else if (backslashes === 0) {
        word += line[at++] ?? '';
      }
    }
    args.push(word);
  }
  return args;
}

test('any arguments come out of a command line as they went in', () => {
  const text = fc.string({ unit: fc.constantFrom('\\', '"', ' ', '\t', 'a', 'ä', '\n', '%') });
  fc.assert(fc.property(fc.array(text), args => {
    expect(parse(quoteArguments(args))).toEqual(args);
  }), { numRuns: 2000 });
});

test('plain arguments stay as they are', () => {
  expect(quoteArguments(['a', 'b\\c\\', '--x=1'])).toBe('a b\\c\\ --x=1');
});

test('an environment is sorted without regard to case, and ends with an empty entry', () => {
  expect(environmentBlock({ b: '2', A: '1', C: '' }, {})).toBe('A=1\0b=2\0C=\0\0');
  expect(environmentBlock({}, {})).toBe('\0\0');
});

test('of variables whose names differ in case alone, the last one given counts', () => {
  expect(environmentBlock({ Path: 'inherited', A: '1', PATH: 'given' }, {})).toBe('A=1\0PATH=given\0\0');
  expect(environmentBlock({ PATH: 'given', a: '1', Path: 'inherited', A: undefined }, {})).toBe('a=1\0Path=inherited\0\0');
  expect(environmentBlock({ ß: '1', SS: '2' }, {})).toBe('SS=2\0ß=1\0\0');
});

test('what no program can do without is added from the environment of the parent, where it is missing', () => {
  const own = { Path: 'C:\\', SystemRoot: 'C:\\Windows', TEMP: 'C:\\Temp', OTHER: 'not this' };
  expect(environmentBlock({ temp: 'mine' }, own)).toBe('Path=C:\\\0SystemRoot=C:\\Windows\0temp=mine\0\0');
});
