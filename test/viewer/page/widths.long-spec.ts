import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { whyNoBrowser } from './support/browser.js';
import { PageRig } from './support/page-rig.js';
import { blockedLoop, brokenGroup, checkout, marked, oddTimes } from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();

/** Texts of parts that are seen in part: what stands on a line that is not seen is not seen at all. */
function cutTexts(page: Page, parts: string, box: string): Promise<string[]> {
  return page.evaluate<string[]>(`{
    const isCut = (part) => {
      const [inner, outer] = [part, part.closest(${JSON.stringify(box)})].map((each) =>
        each.getBoundingClientRect(),
      );
      if (inner.top >= outer.bottom - 1) return false;
      return part.scrollWidth > part.clientWidth + 1 || inner.right > outer.right + 1;
    };
    [...document.querySelectorAll(${JSON.stringify(parts)})]
      .filter(isCut)
      .map(({ innerText }) => innerText);
  }`);
}

/** Pairs of parts of a row that lie over one another, and parts that leave the row. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`{
    const found = [];
    for (const row of document.querySelectorAll('.item a')) {
      const width = row.getBoundingClientRect().right;
      const parts = [...row.children].filter(({ className }) => className !== 'state');
      for (const [at, part] of parts.entries()) {
        const one = part.getBoundingClientRect();
        if (one.right > width) found.push(part.className + ' leaves the row');
        for (const next of parts.slice(at + 1)) {
          const other = next.getBoundingClientRect();
          const isApart =
            one.right <= other.left + 0.5 || other.right <= one.left + 0.5 ||
            one.bottom <= other.top + 2 || other.bottom <= one.top + 2;
          if (!isApart) found.push(part.className + ' lies over ' + next.className);
        }
      }
    }
    found;
  }`);
}

describe.skipIf(reason)(
  `what is read on any width${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    let rig: PageRig;
    const now = Date.now() - 10_000;
    const busy = freshTraceId();
    beforeAll(async () => {
      rig = await PageRig.start();
      await send(rig.viewer, checkout(now), brokenGroup(now + 1), ...blockedLoop(now + 2));
      await send(rig.viewer, oddTimes(now + 3), marked(now + 4, busy));
    });
    afterEach(() => expect(rig.faults()).toEqual([]));
    afterAll(() => rig?.stop());

    const chips = (page: Page) =>
      page.locator('.item', { hasText: '/accounts' }).locator('.chip').allTextContents();

    it.each([360, 390, 768, 1280, 1920])(
      'P1 the rows of a list of %d pixels have no part that is cut or lies over another',
      async (width) => {
        const page = await rig.open();
        await page.setViewportSize({ width, height: 780 });
        await page.locator('.item .chip').first().waitFor();
        await expect.poll(() => overlaps(page)).toEqual([]);
        await expect.poll(() => cutTexts(page, '.item-chips > .chip', '.item-chips')).toEqual([]);
        expect(await cutTexts(page, '.item-facts > :not([title])', '.item-facts')).toEqual([]);
        const [first, ...others] = await chips(page);
        expect(first).toMatch(/^(N\+1 ×120|blocked 280 ms)$/);
        if (width < 768) expect(others.at(-1)).toBe('+3: N+1 ×120, 1 cancelled, 1 missing');
        if (width === 768 || width === 1920) expect(others).toHaveLength(3);
        await page.close();
      },
    );

    it.each([768, 1280])(
      'P1 the rows beside a trace, on %d pixels, say one mark whole and name the others',
      async (width) => {
        const page = await rig.openTrace(busy);
        await page.setViewportSize({ width, height: 780 });
        await expect.poll(() => chips(page)).toHaveLength(2);
        await expect.poll(() => overlaps(page)).toEqual([]);
        await expect.poll(() => cutTexts(page, '.item-chips > .chip', '.item-chips')).toEqual([]);
        expect((await chips(page)).at(-1)).toMatch(/^\+3: .*1 cancelled, 1 missing$/);
        await page.close();
      },
    );

    it('the rows of a trace keep their name beside marks that are whole, on a phone too', async () => {
      for (const width of [390, 1280]) {
        const page = await rig.openTrace(busy);
        await page.setViewportSize({ width, height: 780 });
        await page.locator('.wf-chips .chip').first().waitFor();
        await expect
          .poll(() => cutTexts(page, '.wf-chips > [data-short=true]', '.wf-chips'))
          .toEqual([]);
        const name = page.locator('.wf-row', { hasText: 'InvoiceService.render' });
        const { width: shown } = (await name.locator('.wf-text').boundingBox())!;
        expect(shown).toBeGreaterThan(30);
        await page.close();
      }
    });

    it('P23 the picture of the map stands whole beside the list, wherever it can be read so', async () => {
      const page = await rig.open('#/map');
      await page.locator('.node').first().waitFor();
      const hidden = await page.evaluate<number[]>(`{
        const map = document.querySelector('.map');
        [map.scrollWidth - map.clientWidth, map.scrollHeight - map.clientHeight];
      }`);
      expect(hidden).toEqual([0, 0]);
      await page.close();
    });

    it('the problems of a trace keep their kind, and what took the time its figure', async () => {
      for (const width of [768, 1024, 1280]) {
        const page = await rig.openTrace(busy);
        await page.setViewportSize({ width, height: 780 });
        await page.locator('.problem').first().waitFor();
        expect(await cutTexts(page, '.problem b, .problem em', '.problems li')).toEqual([]);
        expect(await cutTexts(page, '.self-top b', '.self-top')).toEqual([]);
        await page.close();
      }
    });
  },
);
