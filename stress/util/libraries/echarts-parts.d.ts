/*
 * The parts of echarts that are used here, from files of it that come without declarations. Those of the whole need the DOM's, which no file here may see, and
 * are not made for `exactOptionalPropertyTypes`.
 */

declare module 'echarts/lib/export/core.js' {
  export interface Chart {
    setOption(option: object): void;
    renderToSVGString(): string;
    dispose(): void;
  }

  export function init(element: null, theme: null, options: { renderer: 'svg'; ssr: true; width: number; height: number }): Chart;
  export function use(parts: readonly unknown[]): void;
}

declare module 'echarts/lib/*' {
  export const install: unknown;
}
