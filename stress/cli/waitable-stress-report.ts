#!/usr/bin/env node
/** `npm run report`, and in the package `waitable-stress-report`: makes a page of a report, or compares it with an older one. */
import { compareDocuments } from '../reporters/comparison/compare.js';
import { toComparison } from '../reporters/text/comparison.js';
import { NOISE } from '../reporters/comparison/noise.js';
import { Command } from '../util/libraries/commander.js';
import { writePage } from '../reporters/html/write-page.js';
import { NoReportError, readDocument } from '../report/read-document.js';

const WRONG = 2;

const command = new Command('report')
  .description('Makes a page of what --json has written, or compares it with an older one.')
  .argument('<file>', 'the report')
  .option('--html <file>', 'write it as one HTML page, which needs no network')
  .option('--compare <files...>', 'what has changed since this older report or, better, several')
  .addHelpText('after', `\n${NOISE}`)
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : WRONG));
command.parse();
const [file = ''] = command.args;
const { html, compare } = command.opts<{ html?: string; compare?: string[] }>();
if (html === undefined && compare === undefined) command.error('error: give --html, --compare, or both');

try {
  const report = readDocument(file);
  if (compare !== undefined) console.log(toComparison(compareDocuments(compare.map(readDocument), report)));
  if (html !== undefined) await writePage(html, report);
} catch (error) {
  if (!(error instanceof NoReportError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = WRONG;
}
