/** A Windows program's kind, in Node's words (`process.arch`). */
export type Architecture = 'x64' | 'ia32';

export const architectures: readonly Architecture[] = ['x64', 'ia32'];
