import type { Interpreter } from './interpreter.js';

/** Feeds commands to an interpreter one after the other: the next one begins when the reply to the last one is out. */
export function inOrder(interpreter: Interpreter, reply: (line: string) => void): (line: string) => void {
  let last = Promise.resolve();
  return line => {
    last = last.then(async () => {
      const text = await interpreter.execute(line);
      if (text !== undefined) reply(text);
    });
  };
}
