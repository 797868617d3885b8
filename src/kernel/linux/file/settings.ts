import { join, resolve } from 'node:path';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import type { Address } from '../system/system.js';

/** Who can use a file: this user, or everybody. */
export type Audience = 'user' | 'everyone';

/** What all threads of a process have alike. */
export interface ProcessSettings {
  /** The absolute path of the folder in which the folders of users are. */
  readonly base: string;
  /** One word: the id of the user whose files are used, plus 1; 0 until a thread needs it. */
  readonly user: SharedArrayBuffer;
}

/** Plain data, which a thread gives to its wait threads. */
export interface SettingsData extends ProcessSettings {
  /** For each audience, of the file that the thread has mapped: its device, its inode and its address, 64 bits each. No address: none yet. */
  readonly files: SharedArrayBuffer;
}

/** A file as this process has it mapped. */
export interface Mapped {
  readonly address: Address;
  readonly device: number;
  readonly inode: bigint;
}

const PLACES = { user: 0, everyone: 3 } as const;
const INODE = 0;
const DEVICE = 1;
const ADDRESS = 2;

/** Threads inherit it, and all copies of the library in a thread find it. The number is that of its form. */
const KEY = 'waitable.linux.settings.1';

/** What the program said when the library was loaded. */
const AT_LOAD = process.env['WAITABLE_DIR'];

const { base: BASE, user: USER } = ofProcess();

/** Decided where the library is loaded first, and inherited by the threads that are started from there. */
function ofProcess(): ProcessSettings {
  const inherited: unknown = getEnvironmentData(KEY);
  const { base, user } = (inherited ?? {}) as Partial<ProcessSettings>;
  if (base !== undefined && user !== undefined) return { base, user };
  const settings = { base: configuredFolder(), user: new SharedArrayBuffer(4) };
  setEnvironmentData(KEY, settings);
  return settings;
}

function configuredFolder(): string {
  const { WAITABLE_DIR: configured = '' } = process.env;
  if (configured === '') return '/dev/shm';
  try {
    return resolve(configured);
  } catch {
    return configured; // the working directory has been removed, so there is nothing there: the first use tells
  }
}

/**
 * Where the files are and whose: what is decided once, since a program may change its environment, its working directory and its user, and its threads, started at any time, have to mean the same files.
 *
 * The folder is decided when the library is loaded, but for a program that sets WAITABLE_DIR behind its imports, which run before all it does: that counts as long as no file has been needed. The user is
 * decided when a file is needed first, since programs that give up their rights load the library before they do.
 */
export class Settings {
  #data: SettingsData;

  constructor({ base, user }: ProcessSettings = { base: BASE, user: USER }) {
    this.#data = { base, user, files: new SharedArrayBuffer(48) };
  }

  get data(): SettingsData {
    return this.#data;
  }

  /** From now on this thread means what another one means. */
  adopt(data: SettingsData): void {
    this.#data = data;
  }

  /** The id of the user whose files are used. */
  get user(): number {
    const word = new Int32Array(this.#data.user);
    const own = ((process.geteuid?.() ?? 0) + 1) | 0;
    const decided = Atomics.compareExchange(word, 0, 0, own);
    return ((decided === 0 ? own : decided) >>> 0) - 1;
  }

  folder(audience: Audience): string {
    if (process.env['WAITABLE_DIR'] !== AT_LOAD && Atomics.load(new Int32Array(this.#data.user), 0) === 0) this.#changeBase();
    return join(this.#data.base, audience === 'user' ? `waitable-${this.user}` : 'waitable-everyone');
  }

  #changeBase(): void {
    this.#data = { ...this.#data, base: configuredFolder() };
    const { base, user } = this.#data;
    setEnvironmentData(KEY, { base, user });
  }

  /** The file that the thread has mapped, and that the handles of its objects mean, whatever is at its path by now. */
  mapped(audience: Audience): Mapped | undefined {
    const files = new BigInt64Array(this.#data.files);
    const place = PLACES[audience];
    const address = Number(Atomics.load(files, place + ADDRESS));
    return address === 0 ? undefined : { address, device: Number(Atomics.load(files, place + DEVICE)), inode: Atomics.load(files, place + INODE) };
  }

  /** The address last: whoever sees it sees the others. */
  noteMapped(audience: Audience, { address, device, inode }: Mapped): void {
    const files = new BigInt64Array(this.#data.files);
    const place = PLACES[audience];
    Atomics.store(files, place + INODE, inode);
    Atomics.store(files, place + DEVICE, BigInt(device));
    Atomics.store(files, place + ADDRESS, BigInt(address));
  }
}
