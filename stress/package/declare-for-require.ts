/**
 * Declarations for what CommonJS requires: those of the ES module, handed on by a file that TypeScript takes for
 * CommonJS. Node lets CommonJS require ES modules, but under `module: node16` and `node18` TypeScript refuses that
 * (TS1479), in these files too unless it is told to ignore it. Part of `npm run build`; the files are those that
 * `exports` of package.json names.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Entry {
  readonly types: { readonly require: string };
  readonly default: string;
}

interface Manifest {
  /** A text is no module: package.json itself. */
  readonly exports: Readonly<Record<string, string | Entry>>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Manifest;

for (const entry of Object.values(exports)) {
  if (typeof entry === 'string') continue;
  const text = `// @ts-ignore: Node requires ES modules.\nexport * from './${basename(entry.default)}';\n`;
  writeFileSync(`${root}${entry.types.require}`, text);
}
