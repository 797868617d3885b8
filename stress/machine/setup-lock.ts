import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { cacheRoot } from './paths.js';
import { announce } from './setup-error.js';

/**
 * Held while something is made in the cache folder. The lock is a socket name (on Windows a pipe's), because the kernel takes
 * it back however its holder ends: a lock file would need guesses about who is still alive.
 */
export async function withSetupLock<T>(work: () => Promise<T>): Promise<T> {
  const lock = await acquire();
  try {
    return await work();
  } finally {
    lock.close();
  }
}

const pollInterval = 200;
const politePolls = 10;

async function acquire(): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const server = await tryListen(lockName());
    if (server !== undefined) return server;
    if (attempt === politePolls) announce('another process prepares this machine; waiting for it');
    await setTimeout(pollInterval);
  }
}

function lockName(): string {
  const id = `waitable-setup-${createHash('sha256').update(cacheRoot).digest('hex').slice(0, 32)}`;
  // The leading NUL puts the name into Linux's abstract space, where no file is left behind.
  return process.platform === 'win32' ? `\\\\.\\pipe\\${id}` : `\0${id}`;
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(server));
  });
}
