/**
 * `npm test`: prepares the machine and runs the tests in a Windows Node of each bitness.
 *
 * Arguments go to vitest; `--arch x64` or `--arch ia32` runs one bitness alone.
 */
import { readFileSync, rmSync } from 'node:fs';
import { runPrepared } from '../stress/machine/run-prepared.js';

type Arch = 'x64' | 'ia32';

const VITEST = 'node_modules/vitest/vitest.mjs';
const RESULTS = 'test-results.json';

const args = process.argv.slice(2);
const archs = chosenArchs(args);

process.exitCode = await runPrepared(async machine => {
  const summaries: string[] = [];
  let worst = 0;
  for (const arch of archs) {
    const results = machine.fileInStagingRoot(arch, RESULTS);
    rmSync(results, { force: true });
    const exitCode = await machine.launch(arch, VITEST, ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`, ...args]);
    worst = Math.max(worst, exitCode);
    summaries.push(`${arch}: ${summary(results)}`);
  }
  console.log(summaries.join('\n'));
  return worst;
});

function chosenArchs(from: string[]): Arch[] {
  const at = from.indexOf('--arch');
  if (at < 0) return process.arch === 'ia32' ? ['ia32'] : ['x64', 'ia32'];
  const [, arch] = from.splice(at, 2);
  if (arch !== 'x64' && arch !== 'ia32') {
    console.error(`--arch must be x64 or ia32; given: ${arch}`);
    process.exit(2);
  }
  return [arch];
}

interface VitestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

function summary(file: string): string {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, 'utf8')) as VitestResults;
    return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
  } catch {
    return 'no results: the test runner itself failed';
  }
}
