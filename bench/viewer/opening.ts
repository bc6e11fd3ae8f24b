import type { Page } from 'playwright-core';
import { quantile, spreadOf } from '../statistics.js';
import { openTrace, processorMillis, rowCount, scrollThrough, showNothing } from './in-page.js';
import { freshId, largeTrace, type Shape } from './traces.js';
import type { ViewerProcess } from './viewer-process.js';

const REPEATS = 5;
const FRAMES = 180;

interface Opening {
  readonly shape: Shape;
  readonly count: number;
  /** Milliseconds, if one was promised. */
  readonly bar?: number;
}

const OPENINGS: readonly Opening[] = [
  { shape: 'tree', count: 10_000, bar: 120 },
  { shape: 'tree', count: 50_000, bar: 200 },
  { shape: 'deep', count: 10_000 },
  { shape: 'wide', count: 10_000 },
];

/** Opens large traces by a click, each again after another was open, and scrolls through them. */
export async function measureOpenings(viewer: ViewerProcess, page: Page): Promise<string[][]> {
  const rows: string[][] = [];
  for (const opening of OPENINGS) rows.push(await measure(opening, viewer, page));
  return rows;
}

/** Frames of a page that shows nothing: what of a frame is the browser's and the machine's own. */
export async function measureBlank(page: Page): Promise<string[]> {
  await showNothing(page);
  return [
    `scroll frames p95 of a page that shows nothing: ${p95(await scrollThrough(page, FRAMES))}`,
  ];
}

function p95(frames: readonly number[]): string {
  const sorted = frames.toSorted((one, next) => one - next);
  return quantile(sorted, 0.95).toFixed(1);
}

async function measure({ shape, count, bar }: Opening, viewer: ViewerProcess, page: Page) {
  const other = freshId(32);
  await viewer.send(...largeTrace(other, 10, 'wide'));
  const first: number[] = [];
  const again: number[] = [];
  const worked: number[] = [];
  const served: number[] = [];
  let scrolled: number[] = [];
  let scrollWork = 0;
  const busy = await processorMillis(page);
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const traceId = freshId(32);
    await viewer.send(...largeTrace(traceId, count, shape));
    for (const id of [traceId, other]) await page.locator(`.item a[href*="${id}"]`).waitFor();
    const [before, servedBefore] = [await busy(), viewer.processorMillis];
    first.push(await openTrace(page, traceId, `GET /${shape}/${count}`));
    served.push(viewer.processorMillis - servedBefore);
    worked.push((await busy()) - before);
    await openTrace(page, other, 'GET /wide/10');
    again.push(await openTrace(page, traceId, `GET /${shape}/${count}`));
    if (repeat === REPEATS - 1) {
      await page.keyboard.press('r');
      const still = await busy();
      scrolled = await scrollThrough(page, FRAMES);
      scrollWork = ((await busy()) - still) / FRAMES;
    }
    await viewer.remove(traceId);
  }
  const opened = spreadOf(first).median;
  return [
    `${count} spans, ${shape}`,
    opened.toFixed(0),
    spreadOf(served).median.toFixed(0),
    spreadOf(worked).median.toFixed(0),
    spreadOf(again).median.toFixed(0),
    p95(scrolled),
    scrollWork.toFixed(1),
    String(await rowCount(page)),
    bar === undefined ? '' : `${bar} ${opened <= bar ? 'met' : 'MISSED'}`,
  ];
}
