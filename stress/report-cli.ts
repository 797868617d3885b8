#!/usr/bin/env node
/** `npm run report`, and in the package `waitable-stress-report`: makes a page of a report, or compares it with an older one. */
import { writeFileSync } from 'node:fs';
import { compareDocuments } from './compare/compare.js';
import { toComparison } from './compare/table.js';
import { NOISE } from './compare/noise.js';
import { Command } from './libraries/commander.js';
import { renderPage } from './page/page.js';
import { NoReportError, readDocument } from './report/read-document.js';

const WRONG = 2;

const command = new Command('report')
  .description('Makes a page of what --json has written, or compares it with an older one.')
  .argument('<file>', 'the report')
  .option('--html <file>', 'write it as one HTML page, which needs no network')
  .option('--compare <file>', 'what has changed since this older report')
  .addHelpText('after', `\n${NOISE}`)
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : WRONG));
command.parse();
const [file = ''] = command.args;
const { html, compare } = command.opts<{ html?: string; compare?: string }>();
if (html === undefined && compare === undefined) command.error('error: give --html, --compare, or both');

try {
  const report = readDocument(file);
  if (compare !== undefined) console.log(toComparison(compareDocuments(readDocument(compare), report)));
  if (html !== undefined) writeFileSync(html, renderPage(report));
} catch (error) {
  if (!(error instanceof NoReportError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = WRONG;
}
