import { install as bar } from 'echarts/lib/chart/bar/install.js';
import { install as line } from 'echarts/lib/chart/line/install.js';
import { install as scatter } from 'echarts/lib/chart/scatter/install.js';
import { install as grid } from 'echarts/lib/component/grid/install.js';
import { install as markLine } from 'echarts/lib/component/marker/installMarkLine.js';
import { init, use } from 'echarts/lib/export/core.js';
import { install as svg } from 'echarts/lib/renderer/installSVGRenderer.js';

use([bar, line, scatter, grid, markLine, svg]);

export { init };
