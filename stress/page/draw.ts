import { createRequire } from 'node:module';

/** The part of echarts that is used here. Its own declarations need those of the DOM, which no file here may see, and are not made for `exactOptionalPropertyTypes`. */
interface Echarts {
  init(element: null, theme: null, options: { renderer: 'svg'; ssr: true; width: number; height: number }): Chart;
}

interface Chart {
  setOption(option: object): void;
  renderToSVGString(): string;
  dispose(): void;
}

let loaded: Echarts | undefined;

/** Draws a chart, with no browser. `option` is what the echarts handbook calls so. */
export function drawSvg(option: object, width: number, height: number): string {
  loaded ??= load();
  const chart = loaded.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** What keeps this machine from drawing, if anything does: to be asked before a run whose page would be lost. */
export function whyNoPages(): string | undefined {
  try {
    loaded ??= load();
    return undefined;
  } catch (error) {
    if (!(error instanceof NoEchartsError)) throw error;
    return error.message;
  }
}

class NoEchartsError extends Error {}

/** Only when a page is asked for: it is many times as large as all the rest, and whoever uses the package without pages need not have it. */
function load(): Echarts {
  try {
    return createRequire(import.meta.url)('echarts') as Echarts;
  } catch (error) {
    throw new NoEchartsError('a page needs the package echarts, which is not installed: npm install echarts', { cause: error });
  }
}
