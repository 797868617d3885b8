import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const SWITCHES = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--remote-debugging-pipe',
];

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A headless Chromium with one page, driven by the DevTools protocol over a pipe. */
export class Browser implements AsyncDisposable {
  /** The addresses that the page has asked for. */
  readonly requests: string[] = [];
  /** What it has complained about, and the browser about it. */
  readonly complaints: string[] = [];

  readonly #folder = mkdtempSync(join(tmpdir(), 'waitable-browser-'));
  readonly #process: ChildProcess;
  readonly #replies = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #session: string | undefined;
  #onLoad: () => void = () => undefined;

  private constructor(program: string) {
    this.#process = spawn(program, [...SWITCHES, `--user-data-dir=${this.#folder}`], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true });
    this.#ended = new Promise(resolve => this.#process.on('exit', () => resolve()));
    let text = '';
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (text + chunk).split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) this.#take(JSON.parse(message) as Message);
    });
  }

  static async start(program: string): Promise<Browser> {
    const browser = new Browser(program);
    const { targetId } = await browser.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.#send('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = sessionId as string;
    for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await browser.#send(`${domain}.enable`);
    return browser;
  }

  /** Comes back when the page has loaded all that it needs. */
  async open(file: string): Promise<void> {
    const loaded = new Promise<void>(resolve => this.#onLoad = resolve);
    await this.#send('Page.navigate', { url: pathToFileURL(file).href });
    await loaded;
  }

  /** The value of an expression in the page. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: Value }).value;
  }

  /** As a PDF. */
  async print(): Promise<Buffer> {
    const { data } = await this.#send('Page.printToPDF', { preferCSSPageSize: true });
    return Buffer.from(data as string, 'base64');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#send('Browser.close').catch(() => undefined);
    await this.#ended;
    this.#endChildren();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** Some outlive it, and would go on writing to its folder. It leads a group of processes, which has its id. */
  #endChildren(): void {
    const { pid } = this.#process;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // There are none.
    }
  }

  #send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const reply = new Promise<Record<string, unknown>>((resolve, reject) => this.#replies.set(id, { resolve, reject }));
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...(this.#session === undefined ? {} : { sessionId: this.#session }) })}\0`);
    return reply;
  }

  #take({ id, method, params = {}, result = {}, error }: Message): void {
    if (id !== undefined) {
      const reply = this.#replies.get(id);
      if (error === undefined) reply?.resolve(result);
      else reply?.reject(new Error(error.message));
    }
    if (method === 'Page.loadEventFired') this.#onLoad();
    if (method === 'Network.requestWillBeSent') this.requests.push((params['request'] as { url: string }).url);
    if (method === 'Runtime.exceptionThrown' || method === 'Runtime.consoleAPICalled' || method === 'Log.entryAdded') this.complaints.push(JSON.stringify(params));
  }
}
