import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pages, root } from './pages.js';

describe('the pages of the documentation', () => {
  test('are found', () => {
    expect(pages).toContain('README.md');
    expect(pages).toContain('src/async/README.md');
  });

  test.each(pages)('%s has no link to what is not there', page => {
    const from = new URL(page, root);
    for (const [, target = ''] of readFileSync(from, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const { pathname, hash } = new URL(target, from);
      const file = fileURLToPath(new URL(pathname, from));
      expect(existsSync(file), `${target} in ${page}`).toBe(true);
      if (hash !== '') expect(anchorsOf(readFileSync(file, 'utf8')), `${target} in ${page}`).toContain(hash.slice(1));
    }
  });

  test('README has at most 200 lines, and no page a line of more than 120 characters but in a table', () => {
    expect(readFileSync(new URL('README.md', root), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
    for (const page of pages) {
      const long = readFileSync(new URL(page, root), 'utf8').split('\n').filter(line => line.length > 120 && !line.startsWith('|'));
      expect(long, page).toEqual([]);
    }
  });
});

/** As GitHub names the headings of a page. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(' ', '-'));
}
