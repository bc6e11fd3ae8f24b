import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { ViewerProcess } from '../../support/viewer-process.js';
import { TestBrowser } from './browser.js';

const PATIENCE_MILLIS = 15_000;

/** The built viewer and a browser that looks at it. */
export class PageRig {
  private constructor(
    readonly viewer: ViewerProcess,
    readonly browser: TestBrowser,
  ) {}

  static async start(...args: string[]): Promise<PageRig> {
    const [viewer, browser] = await Promise.all([
      ViewerProcess.start('--no-terminal', ...args),
      TestBrowser.start(),
    ]);
    return new PageRig(viewer, browser);
  }

  /** A tab that shows the list, a trace or whatever the address says, ready to be used. */
  async open(hash = ''): Promise<Page> {
    const page = await this.browser.open(this.viewer.http, hash);
    page.setDefaultTimeout(PATIENCE_MILLIS);
    await page.locator('.pulse[data-state=live]').waitFor();
    return page;
  }

  /** A tab that shows a trace. */
  async openTrace(traceId: string, rest = ''): Promise<Page> {
    const page = await this.open(`#/t/${traceId}${rest}`);
    await page.locator('.wf-row').first().waitFor();
    return page;
  }

  /** What went wrong in any tab since it was asked last. */
  faults(): string[] {
    return this.browser.faults.splice(0);
  }

  async stop(): Promise<void> {
    await Promise.all([this.viewer.stop(), this.browser.close()]);
  }
}

/** Texts of the rows that are shown, in order, with their depth. */
export async function rowTexts(page: Page): Promise<string[]> {
  return page.locator('.wf-row:visible').evaluateAll((rows) =>
    rows
      .toSorted((one, other) => Number(one.ariaRowIndex) - Number(other.ariaRowIndex))
      .map((row) => {
        const texts = [...row.querySelectorAll('.wf-text, .chip')].map((part) => part.textContent);
        return `${'  '.repeat(Number(row.ariaLevel) - 1)}${texts.join(' ')}`;
      }),
  );
}

/** Share of the time axis that the widest band takes, which is painted across the room between two bars. */
export async function bandShare(page: Page): Promise<number> {
  return page.evaluate<number>(`{
    const [rowHeight, labelRoom] = [24, 64];
    const canvas = document.querySelector('.wf-canvas');
    const top = rowHeight * devicePixelRatio + 1;
    const { data } = canvas.getContext('2d').getImageData(0, top, canvas.width, 1);
    let [widest, width] = [0, 0];
    for (let x = 0; x < canvas.width; x += 1) {
      width = data[4 * x + 3] > 0 ? width + 1 : 0;
      widest = Math.max(widest, width);
    }
    widest / (canvas.width - labelRoom * devicePixelRatio);
  }`);
}

/** Name of the row that is selected. */
export async function selectedRow(page: Page): Promise<string> {
  return page.locator('.wf-row.is-selected .wf-text').innerText();
}

/** Faults of accessibility that are serious or worse, as axe finds them. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const run = "axe.run(document, { resultTypes: ['violations'] })";
  const { violations } = (await page.evaluate(run)) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html, failureSummary }) => `${html} ${failureSummary}`)
          .join(' | ')}`,
    );
}

/** What text of spans has made of the page that text must not make. */
export async function injected(page: Page): Promise<unknown> {
  return page.evaluate(`[
    ...('pwned' in window ? ['script ran'] : []),
    ...document.querySelectorAll('img, script:not([src]), iframe, [onerror], [onload]'),
    ...[...document.links].filter(({ protocol }) => !protocol.startsWith('http')),
  ].map(String)`);
}
