import { html, type Markup } from './markup.js';

/** Where in the document a number stands: a JSON pointer (RFC 6901), step by step. */
export type Path = readonly (string | number)[];

/** A number of the document as people read it. The element has the exact one, and where it is from. */
export function figure(path: Path, value: number, format: (value: number) => string): Markup {
  return html`<data value="${value}" data-from="${pointer(path)}">${format(value)}</data>`;
}

function pointer(path: Path): string {
  return path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** How numbers are rounded, for the page to say. */
export const ROUNDING = 'Durations, seconds and bytes are rounded to three significant digits, as are ratios below 0.1; percentages and memory in MiB to one decimal, Jain’s index and other ratios to three; everything else is as it was counted.';

const UNITS = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']] as const;

/** Of nanoseconds. */
export function duration(nanoseconds: number): string {
  const [size, unit] = UNITS.find(([least]) => Math.abs(nanoseconds) >= least) ?? [1, 'ns'];
  return `${significant(nanoseconds / size)} ${unit}`;
}

/** Where the unit stands elsewhere. */
export function significant(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** Of a part of 1. */
export function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

export function ratio(value: number): string {
  return value < 0.1 ? significant(value) : value.toFixed(3);
}

export function bytes(value: number): string {
  return `${significant(value)} bytes`;
}

export function megabytes(value: number): string {
  return `${value.toFixed(1)} MiB`;
}
