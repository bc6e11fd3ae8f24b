import type { Bench } from './bench.interface.js';
import { table } from './table.js';
import { BenchBrowser } from './viewer/browser.js';
import { measureCriticalPaths } from './viewer/critical-path.js';
import { measureLiving } from './viewer/living.js';
import { measureMockUi } from './viewer/mock-ui.js';
import { measureBlank, measureOpenings } from './viewer/opening.js';
import { ViewerProcess } from './viewer/viewer-process.js';

const HEAD = [
  'ms, in Chromium',
  'opened',
  'of it work of the page',
  'again',
  'scroll frames p95',
  'work a frame',
  'rows in the page',
  'bar of opened',
];

const bench: Bench = {
  title:
    'the trace page, measured inside it: from a click to painted rows (median of 5), scrolling through ' +
    'all rows, and the list while spans arrive',
  async run() {
    const viewer = await ViewerProcess.start();
    const browser = await BenchBrowser.start();
    try {
      const page = await browser.open(viewer.address);
      const opened = table([HEAD, ...(await measureOpenings(viewer, page))]);
      await page.close();
      const blank = await browser.open('about:blank');
      opened.push(...(await measureBlank(blank)), ...(await measureCriticalPaths()));
      opened.push(...(await measureMockUi(blank)));
      const list = await browser.open(viewer.address);
      return [...opened, ...(await measureLiving(viewer, list))];
    } finally {
      await browser.stop();
      viewer.stop();
    }
  },
};

export default bench;
