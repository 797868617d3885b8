import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { npmCommand } from '../machine/install/npm-ci.js';
import { projectRoot } from '../machine/paths.js';
import { SetupError } from '../machine/setup-error.js';

interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Makes sure that every module in the package finds there, or among its dependencies, what it imports. */
export function checkImports(): void {
  const { name, dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
  const packed = new Set(packedFiles());
  const isThere = (file: string, imported: string) => {
    if (imported.startsWith('.')) return packed.has(posix.join(posix.dirname(file), imported));
    return isBuiltin(imported) || [name, ...Object.keys(dependencies)].some(known => imported === known || imported.startsWith(`${known}/`));
  };
  const lacking = [...packed].filter(file => file.endsWith('.js')).flatMap(file => importsOf(file).filter(imported => !isThere(file, imported)).map(imported => `${file} imports ${imported}`));
  if (lacking.length > 0) throw new SetupError(`The package would not have what its modules import; a library goes through stress/util/libraries, which is bundled.\n${lacking.join('\n')}`);
}

/** As `files` of package.json chooses them. */
function packedFiles(): string[] {
  const { command, args, shell } = npmCommand();
  const { stdout, status } = spawnSync(command, [...args, 'pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: projectRoot, shell, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new SetupError('npm pack --dry-run does not say what it would pack.');
  const [pack] = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>);
  return pack?.files.map(({ path }) => path) ?? [];
}

function importsOf(file: string): string[] {
  return ts.preProcessFile(readFileSync(join(projectRoot, file), 'utf8'), true, true).importedFiles.map(({ fileName }) => fileName);
}
