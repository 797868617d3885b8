/**
 * The wait thread as a text within the library, as `dist/src/async/wait-thread-source.js`: programs that a bundler has put into one file have no other file to start the thread from. Part of `npm run build`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

const { outputFiles: [script] } = await build({
  entryPoints: [`${root}dist/workers/wait-thread.js`],
  bundle: true, write: false, platform: 'node', target: 'node20', format: 'cjs', minifyWhitespace: true, minifyIdentifiers: true, keepNames: true, legalComments: 'none',
  // Syntax is left alone: in Bun 1.4 a constructor whose `super()` has become part of an expression is refused.
  alias: { koffi: `${root}dist/src/kernel/loaded-koffi.js` },
});
if (script === undefined) throw new Error('esbuild has made nothing');
writeFileSync(`${root}dist/src/async/wait-thread-source.js`, `export const waitThreadSource = ${JSON.stringify(script.text)};\n`);
