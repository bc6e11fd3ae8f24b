import type { Page } from 'playwright-core';

/** Milliseconds from a click on a trace until its rows are painted, measured inside the page. */
export async function openTrace(page: Page, traceId: string, title: string): Promise<number> {
  return (await page.evaluate(`new Promise((resolve) => {
    const started = performance.now();
    const isThere = () => document.querySelector('h1')?.textContent === ${JSON.stringify(title)} &&
      document.querySelector('.wf-row')?.style.transform;
    const look = () => {
      if (!isThere()) return requestAnimationFrame(look);
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - started)));
    };
    document.querySelector('.item a[href*="${traceId}"]').click();
    requestAnimationFrame(look);
  })`)) as number;
}

/** Milliseconds between frames while the rows are scrolled from top to bottom. */
export async function scrollThrough(page: Page, frames: number): Promise<number[]> {
  return (await page.evaluate(`new Promise((resolve) => {
    const rows = document.querySelector('#rows');
    const times = [];
    let before = performance.now();
    const step = (now) => {
      times.push(now - before);
      before = now;
      rows.scrollTop = (rows.scrollHeight - rows.clientHeight) * times.length / ${frames};
      if (times.length < ${frames}) requestAnimationFrame(step);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(step);
  })`)) as number[];
}

/** Makes a page of nothing that can be scrolled by {@link scrollThrough}. */
export async function showNothing(page: Page): Promise<void> {
  await page.setContent(
    '<div id="rows" style="height: 600px; overflow: auto"><div style="height: 240000px"></div></div>',
  );
}

/** Number of elements that rows are made of. */
export async function rowCount(page: Page): Promise<number> {
  return page.locator('.wf-row').count();
}

/** Begins to note tasks that hold the page up, and messages of the stream. */
export async function watch(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longTasks.push(duration);
    }).observe({ type: 'longtask' });
  })()`);
}

/** Tasks above 50 ms since {@link watch}. */
export async function longTasks(page: Page): Promise<number[]> {
  return (await page.evaluate('window.longTasks')) as number[];
}

/** @returns what tells how many milliseconds of a processor the page's thread has used for tasks. */
export async function processorMillis(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1e3 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
}

/** Heap of the page after a collection, in MB. */
export async function heapMegabytes(page: Page): Promise<number> {
  return (await page.evaluate('(gc(), performance.memory.usedJSHeapSize / 1e6)')) as number;
}
