import { PQueue } from '../../util/libraries/p-queue.js';
import type { Interpreter } from './interpreter.js';

/** Feeds commands to an interpreter one after the other: the next one begins when the reply to the last one is out. */
export function inOrder(interpreter: Interpreter, reply: (line: string) => void): (line: string) => void {
  const commands = new PQueue({ concurrency: 1 });
  return line => {
    void commands.add(async () => {
      const text = await interpreter.execute(line);
      if (text !== undefined) reply(text);
    });
  };
}
