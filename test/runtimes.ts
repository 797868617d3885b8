const EVERYWHERE = ['environments/require', 'environments/runtime'];

/** What each further runtime has to run, natively on Linux. The suites of this Node are run in it whole, and where they prove most; the others show that they are let in. */
const WHOLE = ['conformance', 'async', ...EVERYWHERE];
const CHOSEN = ['conformance/mutex', 'conformance/event', 'conformance/wait-a', 'conformance/lifetime', 'async/tokens', 'async/results', 'async/process-life', 'async/worker-threads', 'environments/jest', ...EVERYWHERE];

const suites: Readonly<Record<string, readonly string[]>> = {
  'node-20.19': CHOSEN,
  'node-22.12': CHOSEN,
  'node-24': CHOSEN,
  'node-26': [...WHOLE, 'environments/jest'],
  bun: WHOLE,
  deno: WHOLE,
};

/** Those of the one project of vitest's that has them all. */
export function suiteOf(runtime: string): readonly string[] {
  return ['--project=conformance+unit', ...(suites[runtime] ?? WHOLE).map(path => `dist/test/${path}`)];
}
