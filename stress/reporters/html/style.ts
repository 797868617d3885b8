/**
 * Okabe and Ito's colours, which all kinds of colour vision tell apart, from "Color Universal Design" (2008). Nothing is told by colour alone: lines differ in their dashes and marks and carry their names, bars their numbers.
 */
export const COLOURS = { black: '#000000', blue: '#0072b2', vermilion: '#d55e00', green: '#009e73', purple: '#cc79a7', orange: '#e69f00' } as const;

export interface LineStyle {
  readonly colour: string;
  readonly dash: 'solid' | readonly number[];
  readonly mark: 'circle' | 'rect' | 'triangle' | 'diamond';
}

export const TOTAL: LineStyle = { colour: COLOURS.black, dash: 'solid', mark: 'circle' };

const BITS: Readonly<Record<number, LineStyle>> = {
  32: { colour: COLOURS.vermilion, dash: [2, 3], mark: 'triangle' },
  64: { colour: COLOURS.blue, dash: [8, 3], mark: 'rect' },
};

export function styleOfBits(bits: number): LineStyle {
  return BITS[bits] ?? TOTAL;
}

const PAIRS: Readonly<Record<string, LineStyle>> = {
  '32 → 32': { colour: COLOURS.vermilion, dash: [2, 3], mark: 'triangle' },
  '32 → 64': { colour: COLOURS.green, dash: [12, 3, 2, 3], mark: 'diamond' },
  '64 → 32': { colour: COLOURS.purple, dash: 'solid', mark: 'circle' },
  '64 → 64': { colour: COLOURS.blue, dash: [8, 3], mark: 'rect' },
};

export function styleOfPair(pair: string): LineStyle {
  return PAIRS[pair] ?? TOTAL;
}

/** Of the page. On paper a chart and its caption stay together, a short table does too, remarks stay with what comes after them, and a long table's head comes again on every sheet. */
export const STYLESHEET = `
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #000; background: #fff; max-width: 1320px; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.35rem; margin: 2.2rem 0 .5rem; border-bottom: 2px solid #000; } h3 { font-size: 1.1rem; margin: 1.8rem 0 .3rem; }
p { margin: .4rem 0; max-width: 75em; } .note { color: #333; font-size: .9rem; }
.wide { overflow-x: auto; } .short caption { white-space: nowrap; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .87rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border-bottom: 1px solid #bbb; padding: .22rem .6rem; text-align: left; vertical-align: top; } thead th { border-bottom: 2px solid #000; vertical-align: bottom; }
.number { text-align: right; white-space: nowrap; }
.bad { font-weight: 700; text-decoration: underline; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(560px, 1fr)); gap: .6rem 1.6rem; }
figure { margin: .5rem 0; break-inside: avoid; } figcaption { font-size: .87rem; font-weight: 600; } figure svg { width: 100%; height: auto; max-width: 640px; display: block; } figure.wide-chart svg { max-width: 880px; }
@media print {
  @page { size: A4; margin: 14mm; }
  :root { font-size: 10.5px; }
  body { max-width: none; padding: 0; font-size: 1rem; } table { font-size: .81rem; } th, td { padding: .2rem .4rem; }
  .wide { overflow: visible; } .charts { display: block; } figure svg { max-width: 130mm; } figure.wide-chart svg { max-width: none; }
  h2, h3, .note, caption, thead { break-after: avoid; } p, tr, .short { break-inside: avoid; } tbody tr:first-child { break-before: avoid; } thead { display: table-header-group; }
}
`;
