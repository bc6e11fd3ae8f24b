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
  'work of the viewer',
  'work of the page',
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
      opened.push(...(await measureBeside()));
      const list = await browser.open(viewer.address);
      return [...opened, ...(await measureLiving(viewer, list))];
    } finally {
      await browser.stop();
      viewer.stop();
    }
  },
};

/** The other page in a browser of its own: should that fall, it is said, and the rest is measured. */
async function measureBeside(): Promise<string[]> {
  const browser = await BenchBrowser.start();
  try {
    return await measureMockUi(await browser.open('about:blank'));
  } catch (error) {
    return [`@elastic/mockotlpserver --ui: ${error instanceof Error ? error.message : 'failed'}`];
  } finally {
    await browser.stop();
  }
}

export default bench;
