import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PeerKind } from '../peer-kind.js';
import { node32Command, peerPrograms } from '../programs.js';
import type { Transport } from './transport.js';

/** Standard input and output of a process of its own. */
export function pipeTransport(kind: Exclude<PeerKind, 'thread'>): Transport {
  const [command, ...args] = commandLine(kind);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true });
  // A peer that was killed leaves a broken pipe behind; `ended` tells of it.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity });
  return {
    send: line => child.stdin.write(`${line}\n`),
    onReply: listener => lines.on('line', listener),
    ended: endOfProcess(child),
    kill: processId => process.kill(processId === 0 ? (child.pid ?? 0) : processId, 'SIGKILL'),
  };
}

/** How a process ended, once it has and all that it wrote has been read. */
export function endOfProcess(child: ChildProcess): Promise<string> {
  return new Promise(resolve => {
    child.once('error', error => resolve(`it did not start: ${error.message}`));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function commandLine(kind: Exclude<PeerKind, 'thread'>): [string, ...string[]] {
  switch (kind) {
    case 'node': return [process.execPath, fileURLToPath(new URL('../process-main.js', import.meta.url))];
    case 'node32': return node32Command('dist/stress/peers/process-main.js');
    case 'helper32': return [peerPrograms.helper32];
    case 'helper64': return [peerPrograms.helper64];
  }
}
