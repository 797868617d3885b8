let names = 0;

/** A name that no other test uses, in this process or another. */
export function uniqueName(hint = 'object'): string {
  return `waitable test ${process.pid}.${++names} ${hint}`;
}
