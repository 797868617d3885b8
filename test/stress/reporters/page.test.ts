import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runStress, scenarios } from 'waitable/stress';
import { findBrowser } from '../../../stress/machine/install/browser.js';
import { renderPage } from '../../../stress/reporters/html/page.js';
import type { StressDocument } from '../../../stress/report/stress-document.js';
import { benchmarkRun, endedEarly } from '../../support/benchmark.js';
import { Browser } from '../../support/browser.js';

/** One more that has, by a text in it, everything that could be taken for markup. */
const HOSTILE = '</script><img src="http://127.0.0.1:9/x" onerror="throw 1">&amp;';

describe.skipIf(findBrowser() === undefined)('the page of a report, in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waitable-page-'));
  const file = join(folder, 'report.html');
  let document: StressDocument;
  let browser: Browser;

  beforeAll(async () => {
    const chosen = scenarios.filter(({ name }) => ['mutex', 'ping-pong', 'killed-holder', 'semaphore'].includes(name));
    const report = await runStress({ scenarios: chosen, contenders: { thread: 1, helper32: 2, helper64: 1 }, seconds: 1, selfTest: scenarios.filter(({ name }) => name === 'mutex'), techniques: true });
    document = { runs: [{ kernel: 'linux', exitCode: 0, ...report }], notRun: [HOSTILE], benchmarks: [benchmarkRun, endedEarly] };
    writeFileSync(file, renderPage(document));
    browser = await Browser.start(findBrowser() ?? '');
    await browser.open(file);
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test('asks for nothing but itself, and nothing is wrong with it', () => {
    expect(browser.requests.filter(url => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
    expect(browser.complaints).toEqual([]);
  });

  test('has the whole report in it', async () => {
    expect(JSON.parse(await browser.evaluate<string>('document.getElementById("report").textContent'))).toEqual(document);
  });

  test('shows what texts say, and takes none for markup', async () => {
    expect(await browser.evaluate<string>('document.body.innerText')).toContain(HOSTILE);
    expect(await browser.evaluate<number>('document.images.length')).toBe(0);
  });

  test('shows the numbers of the report, from where it says', async () => {
    const shown = await browser.evaluate<{ from: string; value: number; text: string }[]>('[...document.querySelectorAll("data")].map(({ dataset, value, innerText }) => ({ from: dataset.from, value: Number(value), text: innerText }))');
    expect(shown.length).toBeGreaterThan(100);
    for (const { from, value, text } of shown) {
      expect({ from, value }).toEqual({ from, value: at(document, from) });
      expect({ from, isClose: isClose(text, value) }).toEqual({ from, isClose: true });
    }
  });

  test('shows all that the benchmark measured', async () => {
    const shown = new Set(await browser.evaluate<string[]>('[...document.querySelectorAll("data")].map(({ dataset }) => dataset.from)'));
    const measured = (document.benchmarks ?? []).flatMap((run, index) => measuredIn(run, `/benchmarks/${index}`));
    expect(measured.length).toBeGreaterThan(100);
    expect(measured.filter(from => !shown.has(from))).toEqual([]);
  });

  test('says how the benchmark was run, and whether to its end', async () => {
    const sections = await browser.evaluate<string[]>('[...document.querySelectorAll("section")].filter(section => section.querySelector("h2")?.innerText.startsWith("Benchmark")).map(({ innerText }) => innerText)');
    expect(sections).toHaveLength(2);
    expect(sections.map(text => [text.includes('It ended before its time'), text.includes('--pin)'), text.includes('--no-pin)')])).toEqual([[false, true, false], [true, false, true]]);
    expect(sections.map(text => [text.includes('budget 60 ns: EXCEEDED'), text.includes('budget 2 times: kept')])).toEqual([[true, true], [true, false]]);
  });

  test('has its charts, with each line’s name, and no text over another or cut off', async () => {
    const captions = await browser.evaluate<string[]>('[...document.querySelectorAll("figcaption")].map(({ textContent }) => textContent)');
    expect(captions.filter(text => text.startsWith('Throughput'))).toHaveLength(4);
    expect(captions.filter(text => text.startsWith('How many times as long'))).toHaveLength(2);
    expect(captions.some(text => /kill \(\d+\)/.test(text))).toBe(true);
    const texts = await browser.evaluate<string[]>('[...document.querySelectorAll("svg text")].map(({ textContent }) => textContent)');
    for (const name of ['all', '32 bits', '64 bits', '32 → 32', '32 → 64', '64 → 32', '64 → 64']) expect(texts).toContain(name);
    expect(await browser.evaluate<string[]>(OVERLAPS)).toEqual([]);
    expect(await browser.evaluate<string[]>(CUT_OFF)).toEqual([]);
  });

  test('prints, dark on white', async () => {
    expect((await browser.print()).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await browser.evaluate<string>('getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color')).toBe('rgb(255, 255, 255)rgb(0, 0, 0)');
  });
});

/** Pairs of texts of one chart that cover each other by more than a hair. */
const OVERLAPS = `[...document.querySelectorAll('svg')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text')].map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }));
  return boxes.flatMap(({ text, box }, index) => boxes.slice(index + 1)
    .filter(({ box: other }) => Math.min(box.right, other.right) - Math.max(box.left, other.left) > 2 && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 5)
    .map(other => text + ' over ' + other.text));
})`;

/** Texts of charts that go beyond them. */
const CUT_OFF = `[...document.querySelectorAll('svg')].flatMap(svg => {
  const whole = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < whole.left - 1 || box.right > whole.right + 1 || box.top < whole.top - 1 || box.bottom > whole.bottom + 1;
  }).map(({ textContent }) => textContent);
})`;

/** Where the numbers of a part stand, but for the library's way beside itself, and for what was not measured. */
function measuredIn(value: unknown, from: string, subject?: string): string[] {
  if (typeof value === 'number') return [from];
  if (typeof value !== 'object' || value === null) return [];
  const own = 'subject' in value ? String(value.subject) : subject;
  const isCondition = (key: string) => ['exitCode', 'rounds', 'iterations', 'budget', 'processes'].includes(key);
  const isItself = (key: string) => key === own && /\/(ratios|added)$/.test(from);
  return Object.entries(value).filter(([key]) => !isCondition(key) && !isItself(key)).flatMap(([key, each]) => measuredIn(each, `${from}/${key}`, own));
}

/** What a JSON pointer leads to. */
function at(root: unknown, pointer: string): unknown {
  return pointer.split('/').slice(1).reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], root);
}

const UNITS: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9, '%': 0.01 };

/** Whether the text, read by its unit, is the value to within the rounding. */
function isClose(text: string, value: number): boolean {
  const [number = '', unit = ''] = text.split(' ');
  const read = Number(number.replaceAll(',', '')) * (UNITS[unit] ?? 1);
  return Math.abs(read - value) <= Math.max(0.0501, 0.006 * Math.abs(value));
}
