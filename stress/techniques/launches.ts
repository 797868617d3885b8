import { Event, Semaphore } from 'waitable';
import { launch, type LaunchMethod } from 'waitable/bitness';
import { PATIENCE, type TechniqueContext } from './technique-context.js';
import type { Technique } from './technique.js';

export const createProcess = launching('create-process', 'CreateProcess');
export const shellExecute = launching('shell-execute', 'ShellExecute');

function launching(name: string, method: LaunchMethod): Technique {
  return {
    name,
    summary: `${method} starts a program of the other bitness, which says by a semaphore that it has run; its bitness and its exit code are checked`,
    unit: 'launches',
    async run(context) {
      using semaphore = Semaphore.create(context.nameOf('ran'), { initialCount: 0, maximumCount: 0x7fffffff });
      using gate = Event.create(context.nameOf('gate'));
      await context.repeat(round => launchOnce(context, method, { semaphore, gate, exitCode: round % 256 }));
    },
  };
}

async function launchOnce(context: TechniqueContext, method: LaunchMethod, { semaphore, gate, exitCode }: { readonly semaphore: Semaphore; readonly gate: Event; readonly exitCode: number }): Promise<void> {
  const commands = [
    `hello ${process.pid}`, `open semaphore 0 ${encodeURIComponent(semaphore.name ?? '')}`, 'release 0', `open event 1 ${encodeURIComponent(gate.name ?? '')}`, `wait ${PATIENCE} 1`, `die ${exitCode}`,
  ];
  using child = launch([context.program, ...commands], { method, bitness: context.otherBitness });
  context.checkEqual('the child has run', (await semaphore.wait({ timeout: PATIENCE })).status, 'signaled');
  context.checkEqual('the child is of the other bitness', child.bitness, context.otherBitness);
  context.checkEqual('the child runs until it may end', child.exitCode, undefined);
  gate.set();
  context.checkEqual('the child has ended', (await child.wait({ timeout: PATIENCE })).status, 'signaled');
  context.checkEqual('its exit code is the one that it was given', child.exitCode, exitCode);
  context.did(1);
}
