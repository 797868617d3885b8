import type { Bitness } from './bitness.js';
import { kernelTitles } from './kernels.js';
import type { KernelName, Machine } from './machine.js';
import { runOnMachines, type RunOptions } from './run-on-machines.js';

export interface LaunchEverywhereOptions extends RunOptions {
  /** The script writes JSON to stdout. It is gathered into one document. */
  readonly json: boolean;
  /** Gets that document. Without it the document is printed. */
  readonly onDocument?: (document: { readonly runs: readonly object[]; readonly notRun: readonly string[] }) => void;
  /** Of the Node to run it in; the one that drives stress runs when absent. */
  readonly bitness?: Bitness | undefined;
}

/** What `--json` gives of one kernel, besides what the script wrote. */
interface Report {
  readonly kernel: KernelName;
  readonly exitCode: number;
}

/**
 * Runs a script on each machine that this system can be, says what was left out, and gives the worst exit code. By `--kernel` the script is told which kernel it has.
 */
export async function launchEverywhere(script: string, args: readonly string[], { json, bitness, onDocument = document => console.log(JSON.stringify(document, undefined, 2)), ...options }: LaunchEverywhereOptions): Promise<number> {
  const runs: Report[] = [];
  const { exitCode, notRun } = await runOnMachines(async machine => {
    const node = bitness ?? machine.driver;
    const told = [...args, '--kernel', machine.kernel];
    if (json) {
      const report = await launchForJson(machine, node, script, told);
      runs.push(report);
      return report.exitCode;
    }
    console.log(`${kernelTitles[machine.kernel]}:`);
    return machine.launch(node, script, told);
  }, options);
  if (json) onDocument({ runs, notRun });
  else for (const line of notRun) console.log(line);
  return exitCode;
}

async function launchForJson(machine: Machine, bitness: Bitness, script: string, args: readonly string[]): Promise<Report> {
  const written: Buffer[] = [];
  const exitCode = await machine.launch(bitness, script, args, {
    onOutput(chunk, stream) {
      if (stream === 'stdout') written.push(chunk);
      else process.stderr.write(chunk);
    },
  });
  const text = Buffer.concat(written).toString();
  // A run that could not take place, or was stuck, has written none.
  return { kernel: machine.kernel, exitCode, ...(text.trim() === '' ? {} : JSON.parse(text) as object) };
}
