import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Rollup } from 'vite';
import { projectRoot } from '../machine/paths.js';

const LIBRARIES = join(projectRoot, 'dist', 'stress', 'util', 'libraries');
const LICENSES = join(LIBRARIES, 'LICENSES.txt');

/**
 * Puts the libraries of the stress run into the files that stand for them, each whole. Those who only want a lock install none of them: the package depends on what the locks need alone.
 */
export async function bundleLibraries(): Promise<void> {
  const files = readdirSync(LIBRARIES).filter(name => name.endsWith('.js'));
  const bundled = await build({
    configFile: false,
    logLevel: 'warn',
    root: projectRoot,
    ssr: { noExternal: true },
    // Without what echarts says to those who develop with it.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      emptyOutDir: false,
      outDir: LIBRARIES,
      rollupOptions: {
        input: Object.fromEntries(files.map(name => [basename(name, '.js'), join(LIBRARIES, name)])),
        // hdr-histogram-js looks for zlib by eval; where that finds no require, as in a module, it has pako.
        onwarn: (warning, handle) => warning.code === 'EVAL' || handle(warning),
        output: { entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
      },
    },
  }) as Rollup.RollupOutput;
  writeFileSync(LICENSES, licensesOf(bundled.output.flatMap(part => part.type === 'chunk' ? Object.keys(part.modules) : [])));
}

/** Their licenses ask that they go with every copy, some with a notice, or with those of what they contain themselves. */
function licensesOf(modules: readonly string[]): string {
  const packages = new Set(modules.flatMap(file => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/'))?.slice(1) ?? []));
  return [...packages].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<'name' | 'version' | 'license', string>;
    return `${[`${name} ${version} (${license})`, ...textsIn(folder)].join('\n\n')}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}

function textsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).sort((one, other) => one.name < other.name ? -1 : 1).flatMap(entry => {
    if (!/^(licen[cs]e|notice)/i.test(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? textsIn(path) : [readFileSync(path, 'utf8').trim()];
  });
}
