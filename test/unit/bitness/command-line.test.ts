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
  expect(environmentBlock({ b: '2', A: '1', C: '' })).toBe('A=1\0b=2\0C=\0\0');
  expect(environmentBlock({})).toBe('\0\0');
});
