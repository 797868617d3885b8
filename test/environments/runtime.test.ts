import { expect, test } from 'vitest';
import { makeProject, outputOf } from './support/project.js';

/** What `npm test` says that this runs in; this very Node, where it says nothing. */
const RUNTIME = process.env['WAITABLE_TEST_RUNTIME'] ?? `node-${process.versions.node}`;

const WHO = `
  const { bun, deno, node } = process.versions;
  console.log(bun !== undefined ? 'bun' : deno !== undefined ? 'deno' : 'node-' + node);
`;

test('the tests, and the programs that they start, run in the runtime that was asked for', async () => {
  await using project = makeProject({ files: { 'who.js': WHO } });
  const { bun, deno, node } = process.versions;
  const here = bun !== undefined ? 'bun' : deno !== undefined ? 'deno' : `node-${node}`;
  expect(`${here}.`.startsWith(`${RUNTIME}.`), `${here}, not ${RUNTIME}`).toBe(true);
  expect(outputOf(await project.node('who.js'))).toBe(`${here}\n`);
});
