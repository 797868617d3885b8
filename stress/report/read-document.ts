import { readFileSync } from 'node:fs';
import { messageOf } from '../util/error-message.js';
import type { StressDocument } from './stress-document.js';
import { REPORT_VERSION } from './stress-report.js';

/** A file that is no report, or one of another version. */
export class NoReportError extends Error {
  override readonly name = 'NoReportError';
}

/** What `--json` has written to a file. */
export function readDocument(file: string): StressDocument {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new NoReportError(`${file}: ${messageOf(error)}`);
  }
  if (!isDocument(value)) throw new NoReportError(`${file}: this is no report of a stress run (one document with "runs", as --json writes it)`);
  const versions: unknown[] = value.runs.map(run => 'version' in run ? run.version : REPORT_VERSION);
  const other = versions.find(version => version !== REPORT_VERSION);
  if (other !== undefined) throw new NoReportError(`${file}: this is a report of version ${JSON.stringify(other)}; version ${REPORT_VERSION} can be read`);
  return value;
}

/** A look at the outermost of it alone: it was written by this program. */
function isDocument(value: unknown): value is StressDocument {
  return typeof value === 'object' && value !== null && 'runs' in value && Array.isArray(value.runs) && 'notRun' in value && value.runs.every(isRun);
}

function isRun(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kernel' in value && 'scenarios' in value && Array.isArray(value.scenarios);
}
