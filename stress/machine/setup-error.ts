/** Something is missing that a person has to see to: the message says what, and what to type. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** One line on stderr, said before something slow. */
export function announce(text: string): void {
  process.stderr.write(`waitable: ${text}\n`);
}
