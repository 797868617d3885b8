import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { terminate } from './terminate.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** What of the library a package has for those who want a lock. */
const PACKED = ['package.json', 'dist/src', 'dist/workers'] as const;

export interface ProjectOptions {
  /** Texts by their paths within the project, which no compiler of this project sees. */
  readonly files?: Readonly<Record<string, string>>;
  /** Fields of the project's package.json; it is a package of ES modules unless `type` says otherwise. */
  readonly packageJson?: Readonly<Record<string, unknown>>;
  /** Packages that this project has installed, by name, to be found there too. */
  readonly packages?: readonly string[];
  /** Whether the library is installed, as it is where no option says so. */
  readonly library?: boolean;
}

export interface RunOptions {
  /** Added to this process's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Within the project. */
  readonly cwd?: string;
  /** Written to the program's standard input, which has ended in any case. */
  readonly input?: string;
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Somebody's project that uses the library, in a temporary folder, with the library installed as it would be from a registry. It is gone
 * at the end of the scope, and with it what still runs there.
 *
 * @example
 * ```ts
 * await using project = makeProject({ files: { 'main.js': `import { Mutex } from 'waitable'; …` }, packages: ['jest'] });
 * const { code, stdout } = await project.node('main.js');
 * ```
 */
export function makeProject(options: ProjectOptions = {}): Project {
  return new Project(options);
}

export class Project implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'waitable-project-'));
  readonly #running = new Set<() => Promise<unknown>>();

  constructor({ files = {}, packageJson = {}, packages = [], library = true }: ProjectOptions) {
    this.write('package.json', JSON.stringify({ name: 'project', version: '1.0.0', private: true, type: 'module', ...packageJson }));
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    if (library) this.installLibrary();
    packages.forEach(name => this.link(name));
  }

  /** Where a file of the project is. */
  path(path: string): string {
    return join(this.folder, path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  /**
   * Installs the library once more: a copy of its files, since a link would be the same module wherever it is found.
   *
   * @param within - The folder in whose `node_modules` it is to be: a dependency that has a version of its own, say.
   * @param fields - Of its package.json: another `version`, or another `name`, as an alias.
   */
  installLibrary(within = '.', fields: Readonly<Record<string, unknown>> = {}): void {
    const manifest = { ...JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; dependencies: object }, ...fields };
    const target = join(within, 'node_modules', manifest.name);
    for (const path of PACKED) cpSync(join(root, path), join(this.path(target), path), { recursive: true, dereference: true });
    this.write(join(target, 'package.json'), JSON.stringify(manifest, undefined, 2));
    for (const name of Object.keys(manifest.dependencies)) this.link(name);
  }

  /** Lets a package that this project has be found, with what it depends on: that is looked for from where the package really is. */
  link(name: string): void {
    const link = this.path(join('node_modules', name));
    rmSync(link, { recursive: true, force: true });
    mkdirSync(dirname(link), { recursive: true });
    // A junction needs no privilege on Windows, and is a plain symbolic link elsewhere.
    symlinkSync(join(root, 'node_modules', name), link, 'junction');
  }

  /** Runs Node on a script of the project. */
  node(script: string, args: readonly string[] = [], options?: RunOptions): Promise<Outcome> {
    return this.run(process.execPath, [script, ...args], options);
  }

  /** Runs the command of a linked package, as `npx` would. */
  command(packageName: string, args: readonly string[] = [], options?: RunOptions & { readonly command?: string; readonly nodeArgs?: readonly string[] }): Promise<Outcome> {
    const { name, bin = {} } = JSON.parse(this.read(join('node_modules', packageName, 'package.json'))) as { name: string; bin?: string | Record<string, string> };
    const command = options?.command ?? name;
    const file = typeof bin === 'string' ? bin : bin[command];
    if (file === undefined) throw new Error(`${name} has no command ${command}, but ${Object.keys(bin).join(', ')}`);
    return this.run(process.execPath, [...options?.nodeArgs ?? [], this.path(join('node_modules', packageName, file)), ...args], options);
  }

  /** Runs any program, and gives its output when it has ended. It is ended with the project at the latest. */
  async run(program: string, args: readonly string[] = [], { env = {}, cwd = '.', input = '' }: RunOptions = {}): Promise<Outcome> {
    const child = spawn(program, args, {
      cwd: this.path(cwd), env: ownEnvironment(env), stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true,
      // A group of its own, so that what it starts can be ended with it. On Windows it would be a console of its own.
      detached: process.platform !== 'win32',
    });
    child.stdin.on('error', () => undefined).end(input); // it may not read to the end
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => stdout += text);
    child.stderr.setEncoding('utf8').on('data', (text: string) => stderr += text);
    const ended = new Promise<Outcome>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
    const end = () => {
      terminate(child);
      return ended.catch(() => undefined);
    };
    this.#running.add(end);
    try {
      return await ended;
    } finally {
      this.#running.delete(end);
    }
  }

  /** Runs any program, gives what it wrote to its standard output, and throws all that it said unless it ended well. */
  async output(program: string, args: readonly string[] = [], options?: RunOptions): Promise<string> {
    return outputOf(await this.run(program, args, options), [relative(root, program), ...args].join(' '));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map(end => end()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** The standard output of a program that has ended well. */
export function outputOf({ code, signal, stdout, stderr }: Outcome, what = 'the program'): string {
  if (code !== 0) throw new Error(`${what} ended with ${signal ?? `exit code ${code}`}:\n${stdout}${stderr}`);
  return stdout;
}

/** Without what vitest tells its own processes, by which another test runner would take itself for a part of it. */
function ownEnvironment(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|VITE_|NODE_OPTIONS$|NODE_ENV$|TEST$|MODE$|PROD$|DEV$|SSR$|BASE_URL$)/.test(name));
  const nodeOptions = [process.env['WAITABLE_TEST_NODE_OPTIONS'], env['NODE_OPTIONS']].filter(options => options !== undefined).join(' ');
  return { ...Object.fromEntries(inherited), ...env, ...nodeOptions !== '' && { NODE_OPTIONS: nodeOptions } };
}
