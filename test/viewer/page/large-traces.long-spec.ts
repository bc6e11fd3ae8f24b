import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { whyNoBrowser } from './support/browser.js';
import { PageRig, selectedRow } from './support/page-rig.js';
import { largeTrace } from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();

describe.skipIf(reason)(
  `large traces on the page${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    let rig: PageRig;
    beforeAll(async () => void (rig = await PageRig.start()));
    afterAll(() => rig?.stop());

    it.each([
      ['10,000 deep', 10_000, 'deep'],
      ['10,000 wide', 10_000, 'wide'],
      ['25,000 in a tree', 25_000, 'tree'],
    ] as const)(
      'P2 opens a trace of %s with at most 100 rows in the page',
      async (_, count, shape) => {
        const traceId = freshTraceId();
        await send(rig.viewer, largeTrace(Date.now(), count, shape, traceId));
        const page = await rig.openTrace(traceId);
        await page.keyboard.press('r');
        const grid = page.getByRole('treegrid');
        await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(count));
        for (const key of ['End', 'PageUp', 'e', 'Home', 'PageDown'])
          await page.keyboard.press(key);
        await page.keyboard.press('End');
        await expect.poll(() => selectedRow(page)).toMatch(/^step/);
        expect(await page.locator('.wf-row').count()).toBeLessThanOrEqual(100);
        await page.keyboard.press('1');
        const closed = shape === 'deep' ? 2 : shape === 'wide' ? count : 4;
        await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(closed));
        for (const view of ['Icicle', 'Table'])
          await page.getByRole('button', { name: view }).click();
        await page.locator('.table').waitFor();
        expect(rig.faults()).toEqual([]);
        await page.close();
      },
    );

    it('rows keep their elements while they are scrolled, and stand in their order', async () => {
      const traceId = freshTraceId();
      await send(rig.viewer, largeTrace(Date.now(), 1_000, 'wide', traceId));
      const page = await rig.openTrace(traceId);
      await page.keyboard.press('r');
      const row = page.locator('.wf-row[aria-rowindex="30"]');
      await row.waitFor({ state: 'attached' });
      const id = await row.getAttribute('id');
      for (const top of [24 * 9, 24 * 15, 24 * 12]) {
        await page.locator('#rows').evaluate((rows, at) => void (rows.scrollTop = at), top);
        const first = page.locator('.wf-row').first();
        await expect.poll(() => first.getAttribute('aria-rowindex')).toBe(String(top / 24 - 7));
        expect(await row.getAttribute('id')).toBe(id);
        const indexes = await page
          .locator('.wf-row:visible')
          .evaluateAll((rows) => rows.map((each) => Number(each.ariaRowIndex)));
        expect(indexes).toEqual(indexes.map((_, at) => indexes[0]! + at));
      }
      await page.close();
    });
  },
);
