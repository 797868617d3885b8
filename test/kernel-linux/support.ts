import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { FILE_BYTES } from '../../src/kernel/linux/file/layout.js';
import { PATIENCE } from '../support/patience.js';

/**
 * What each program begins with. A line is the JSON text of a function's body, in which all exports of the library are in scope, and `kept`, which lives as long as the process.
 * What it returns is the answer.
 */
const PROLOGUE = `
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as waitable from 'waitable';
import { SharedMemory } from 'waitable/bitness';
const scope = { ...waitable, SharedMemory, kept: {} };
const AsyncFunction = (async () => undefined).constructor;
const say = answer => {
  const bytes = Buffer.from(JSON.stringify(answer) + '\\n');
  for (let done = 0; done < bytes.length;) done += writeSync(3, bytes, done);
};
say({ value: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say({ value: await new AsyncFunction(...Object.keys(scope), JSON.parse(line))(...Object.values(scope)) });
  } catch (error) {
    say({ error: { name: error.constructor.name, message: String(error.message), code: error.code, isSyncError: error instanceof waitable.SyncError } });
  }
}
`;

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly isSyncError: boolean;
}

/** What came of a line: a value, or an error that was thrown. */
export interface Answer {
  readonly value?: unknown;
  readonly error?: Failure;
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A folder for WAITABLE_DIR, in memory where that is possible; gone with the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'waitable-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Where the files of this user are in a folder. */
export function userFolder(folder: string): string {
  return join(folder, `waitable-${process.geteuid?.() ?? 0}`);
}

export function objectsFile(folder: string): string {
  return join(userFolder(folder), 'objects');
}

/** Reads and writes the words of a file that others have mapped. */
export class Words {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r+');
    onTestFinished(() => closeSync(this.#descriptor));
  }

  get(place: number): number {
    const word = new Int32Array(1);
    readSync(this.#descriptor, word, 0, 4, place * 4);
    return word[0] ?? 0;
  }

  set(place: number, value: number): void {
    if (place < 0 || place * 4 >= FILE_BYTES) throw new RangeError(`no such word: ${place}`);
    writeSync(this.#descriptor, Int32Array.of(value), 0, 4, place * 4);
  }
}

/** A fresh Node that uses the library in a folder of its own, and does what it is told, line by line. It ends with the test at the latest. */
export class Program {
  readonly child: ChildProcess;
  readonly ended: Promise<End>;
  readonly ready: Promise<unknown>;
  readonly #answers: Answer[] = [];
  #told = 0;
  #stderr = '';
  #awake: () => void = () => undefined;
  #end: End | undefined;

  /**
   * @param script - More of the module, after the imports of all programs.
   * @param cwd - Its working directory, if not the project's; the library is found all the same.
   */
  constructor(folder: string, script = '', cwd?: string) {
    const prologue = cwd === undefined ? PROLOGUE : PROLOGUE.replace(/'(waitable[^']*)'/g, (_, entry: string) => JSON.stringify(import.meta.resolve(entry)));
    this.child = spawn(process.execPath, ['--input-type=module', '-e', prologue.replace('say({ value', () => `${script}\nsay({ value`)], {
      cwd,
      env: { ...process.env, WAITABLE_DIR: folder },
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    const { stdin, stderr, stdio: [, , , answers] } = this.child;
    stdin?.on('error', () => undefined); // it has ended; so says `ended`
    stderr?.setEncoding('utf8').on('data', (text: string) => this.#stderr += text);
    createInterface({ input: answers as NodeJS.ReadableStream }).on('line', line => {
      this.#answers.push(JSON.parse(line) as Answer);
      this.#awake();
    });
    this.ended = new Promise(resolve => this.child.once('close', (code, signal) => {
      this.#end = { code, signal };
      this.#awake();
      resolve(this.#end);
    }));
    this.ready = this.#answer(this.#told++).then(valueOf);
    this.ready.catch(() => undefined); // whoever tells it something finds out
    onTestFinished(async () => {
      await this.kill();
    });
  }

  /** The value that the code returns; what it throws is thrown here. */
  async run(code: string): Promise<unknown> {
    return valueOf(await this.attempt(code));
  }

  /** The error that the code throws. */
  async failure(code: string): Promise<Failure> {
    const { error, value } = await this.attempt(code);
    if (error === undefined) throw new Error(`nothing was thrown, but returned: ${JSON.stringify(value)}`);
    return error;
  }

  /** Rejects if the process ends before it has answered, or does not answer. */
  attempt(code: string): Promise<Answer> {
    this.tell(code);
    return this.#answer(this.#told++);
  }

  /** For code that ends the process: does not wait for an answer. */
  tell(code: string): void {
    this.child.stdin?.write(`${JSON.stringify(code)}\n`);
  }

  async #answer(number: number): Promise<Answer> {
    const begin = performance.now();
    for (;;) {
      const answer = this.#answers[number];
      if (answer !== undefined) return answer;
      const what = this.#end !== undefined ? `has ended (${JSON.stringify(this.#end)})` : performance.now() - begin >= PATIENCE ? 'does not answer' : undefined;
      if (what !== undefined) throw new Error(`the program ${what}: ${this.#stderr}`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>(resolve => {
        const before = this.#awake;
        this.#awake = () => {
          before();
          resolve();
        };
        timer = setTimeout(resolve, PATIENCE);
      });
      clearTimeout(timer);
    }
  }

  kill(): Promise<End> {
    this.child.kill('SIGKILL');
    return this.ended;
  }
}

function valueOf({ value, error }: Answer): unknown {
  if (error !== undefined) throw new Error(`${error.name}: ${error.message}`);
  return value;
}
