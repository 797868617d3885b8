/**
 * Entry point of the process that stops others by SIGSTOP: `stop <process id> <ms>` is answered by `stopped <process id>` when none of its threads runs, `continue <process id>` by `continued <process id>`. It uses no object, so that whatever a
 * stopped process holds cannot keep it from letting that one go on: after its time, or when nobody gives commands any more.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

process.on('SIGINT', () => undefined); // of a terminal: who gives the commands ends in order, and until then somebody may stand still

const stopped = new Map<number, NodeJS.Timeout>();

createInterface({ input: process.stdin })
  .on('line', line => {
    const [verb, processId, milliseconds] = line.split(' ');
    if (verb === 'stop') stop(Number(processId), Number(milliseconds));
    else {
      goOn(Number(processId));
      console.log(`continued ${processId}`);
    }
  })
  .on('close', () => [...stopped.keys()].forEach(goOn));

function stop(processId: number, milliseconds: number): void {
  signal(processId, 'SIGSTOP');
  stopped.set(processId, setTimeout(() => goOn(processId), milliseconds));
  tellOnceItStands(processId);
}

/** A thread that runs on another processor stops a moment after the signal. */
function tellOnceItStands(processId: number): void {
  if (!stopped.has(processId) || standsStill(processId)) console.log(`stopped ${processId}`);
  else setImmediate(tellOnceItStands, processId);
}

function goOn(processId: number): void {
  clearTimeout(stopped.get(processId));
  if (stopped.delete(processId)) signal(processId, 'SIGCONT');
}

/** One that has ended meanwhile needs none. */
function signal(processId: number, name: NodeJS.Signals): void {
  try {
    process.kill(processId, name);
  } catch {
    // It has ended.
  }
}

function standsStill(processId: number): boolean {
  const tasks = `/proc/${processId}/task`;
  try {
    // The state follows the name, which stands in parentheses and may have some of its own.
    return readdirSync(tasks).every(thread => /\) [Tt] [^)]*$/.test(readFileSync(`${tasks}/${thread}/stat`, 'latin1')));
  } catch {
    return true; // it, or one of its threads, has ended: nothing of that runs
  }
}
