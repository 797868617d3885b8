/**
 * Settles a promise by what `conclude` gives or throws, from a reaction that leads to that promise: so the stack of an error that is made within `conclude` ends with the async functions
 * that await the promise. (V8 follows the promises from the reaction that runs.) An error made in a timer's callback, or at a message, would show the library alone.
 *
 * It costs a few microtasks, and only those waits that fail; a stack kept for each wait that begins would cost all of them.
 *
 * The order is what does it: the promise is tied to `concluded` first, and the reaction begins last.
 */
export function settleForAwaiter<Result>(resolve: (result: PromiseLike<Result>) => void, conclude: () => Result): void {
  let begin: (() => void) | undefined;
  const concluded = new Promise<void>(resolve => begin = resolve).then(conclude);
  resolve(concluded);
  begin?.();
}

/** Likewise rejects it, with an error that was made elsewhere: its stack is taken anew. */
export function rejectForAwaiter<Result>(resolve: (result: PromiseLike<Result>) => void, error: Error): void {
  settleForAwaiter(resolve, function reject() {
    // V8's alone, and of those engines that have it from there.
    (Error as Partial<typeof Error>).captureStackTrace?.(error, reject);
    throw error;
  });
}
