import { writeFileSync } from 'node:fs';
import type { StressDocument } from '../../report/stress-document.js';

/** What draws the page is loaded only here: it is many times as large as all the rest of the stress run. */
export async function writePage(file: string, document: StressDocument): Promise<void> {
  const { renderPage } = await import('./page.js');
  writeFileSync(file, renderPage(document));
}
