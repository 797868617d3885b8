/** A Windows program's kind, in Node's words (`process.arch`). */
export type Bitness = 'x64' | 'ia32';

export const bitnesses: readonly Bitness[] = ['x64', 'ia32'];
