import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Random } from '../util/random.js';
import type { ScenarioContext } from '../runner/scenario-context.js';
import type { Fault } from '../runner/fault.js';
import type { Request } from './interrupted-main.js';

const PROGRAM = fileURLToPath(new URL('interrupted-main.js', import.meta.url));

const WAYS = ['timeout', 'sigint', 'stack'] as const;
/** After so many ms the execution is ended. */
const SHORTEST = 2;
const LONGEST = 20;
/** In ms: more than others wait where nothing is stuck, on the slowest machine. */
const PATIENCE = 20_000;

export const interrupt: Fault = {
  name: 'interrupt',
  summary: 'execution ends within the library while its thread lives on: by a time-out of node:vm, by Ctrl-C, at the end of the stack; nobody else hangs by it',
  usualRate: 2,
  whyNotHere: () => process.platform === 'linux' ? undefined : 'only on Linux a thread changes by itself what all share',
  async arm(context) {
    const children = { interrupted: start(), witness: start() };
    const end = async () => {
      await Promise.all(Object.values(children).map(async child => {
        const ended = once(child, 'exit');
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await ended;
      }));
    };
    try {
      // They take part before the first strike.
      for (const child of Object.values(children)) await told(child, { way: 'look' });
    } catch (error) {
      await end();
      throw error;
    }
    return { inject: random => strike(context, random, children), [Symbol.asyncDispose]: end };
  },
};

function start(): ChildProcess {
  return fork(PROGRAM, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

interface Children {
  interrupted: ChildProcess;
  readonly witness: ChildProcess;
}

async function strike(context: ScenarioContext, random: Random, children: Children): Promise<void> {
  const { interrupted, witness } = children;
  const way = random.pick(WAYS) ?? 'stack';
  const after = random.between(SHORTEST, LONGEST);
  const done = told(interrupted, { way, after });
  if (way === 'sigint') {
    await delay(after);
    interrupted.kill('SIGINT');
  }
  const hasEnded = await done;
  if (interrupted.signalCode === 'SIGINT') {
    // Node takes its handler of SIGINT away and sets it again around such a run: one that comes in between ends the process.
    children.interrupted = start();
    await told(children.interrupted, { way: 'look' });
    return;
  }
  context.recordFault('interrupt');
  // It lives, and does nothing more.
  const goesOn = hasEnded && await told(witness, { way: 'look' });
  context.check('nobody hangs by a thread whose execution was ended, and which lives on', goesOn, `by ${way}`);
  // Else what it has would stay.
  if (!goesOn) interrupted.kill('SIGKILL');
}

/** Whether it has done so in time, and is there still. */
async function told(child: ChildProcess, request: Request): Promise<boolean> {
  if (!child.connected) return false;
  const ended = new AbortController();
  const end = () => ended.abort();
  child.once('exit', end);
  const over = AbortSignal.any([AbortSignal.timeout(PATIENCE), ended.signal]);
  child.send(request);
  try {
    for (;;) {
      const [answer] = await once(child, 'message', { signal: over }) as [unknown];
      if (answer === 'done') return true;
    }
  } catch (error) {
    if (over.aborted) return false;
    throw error;
  } finally {
    child.off('exit', end);
  }
}
