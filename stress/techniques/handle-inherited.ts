import { Mutex } from 'waitable';
import { launch } from 'waitable/bitness';
import { contend, countCommand, createBoard } from './count-together.js';
import type { Technique } from './technique.js';

export const handleInherited: Technique = {
  name: 'handle-inherited',
  summary: 'a child of the other bitness inherits an unnamed mutex and section, and takes them from its command line; both count under the mutex',
  unit: 'locks',
  async run(context) {
    using mutex = Mutex.create();
    using board = createBoard();
    using child = launch(handles => [
      context.program, `hello ${process.pid}`, `adopt mutex 1 ${handles['mutex'] ?? 0}`, `adopt section 2 ${handles['board'] ?? 0}`, countCommand({ lock: 1, board: 2 }),
    ], { inherit: { mutex, board }, bitness: context.otherBitness });
    context.checkEqual('the child is of the other bitness', child.bitness, context.otherBitness);
    const partner = child.wait({ timeout: context.patience }).then(({ status }) => {
      context.checkEqual('the child has ended', status, 'signaled');
      context.checkEqual('no command of the child has failed', child.exitCode, 0);
    });
    await contend(context, { mutex, board }, partner);
  },
};
