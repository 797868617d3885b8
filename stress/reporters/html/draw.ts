import { init } from '../../util/libraries/echarts.js';

/** Draws a chart, with no browser. `option` is what the echarts handbook calls so. */
export function drawSvg(option: object, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
