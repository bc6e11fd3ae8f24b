import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { whyNoBrowser } from './support/browser.js';
import { otlpTrace } from './support/otlp-sketch.js';
import { PageRig, rowTexts } from './support/page-rig.js';
import { blockedLoop, brokenGroup, collapsedCalls } from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();
const WIDTHS = [1280, 390];

/** Whether the text of an element is seen up to and with some words. */
function isSeen(page: Page, selector: string, words: string): Promise<boolean> {
  return page.evaluate<boolean>(`{
    const element = document.querySelector(${JSON.stringify(selector)});
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(text, text.data.indexOf(${JSON.stringify(words)}) + ${words.length});
    const [inner, outer] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
    inner.right <= outer.right + 1 && inner.bottom <= outer.bottom + 1;
  }`);
}

const heightOf = async (element: Locator) => (await element.boundingBox())!.height;

describe.skipIf(reason)(
  `what is read at a glance${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    let rig: PageRig;
    const now = Date.now() - 10_000;
    const [few, many, group] = [freshTraceId(), freshTraceId(), freshTraceId()];
    const [culprit, waiting] = blockedLoop(now);
    beforeAll(async () => {
      rig = await PageRig.start();
      const slow = otlpTrace(freshTraceId(), now, { name: 'GET /slow', kind: 2, takes: 25_000 });
      await send(rig.viewer, collapsedCalls(now, 5, few), collapsedCalls(now, 100, many));
      await send(rig.viewer, brokenGroup(now, group), culprit, waiting, slow);
    });
    afterEach(() => expect(rig.faults()).toEqual([]));
    afterAll(() => rig?.stop());

    const at = (page: Page, place: string) => page.goto(`${page.url().split('#')[0]}${place}`);

    it('P11 the place of a blocked loop, on every width', async () => {
      const place = 'ReportService.render report.service.ts:88';
      for (const width of WIDTHS) {
        for (const { traceId } of [culprit, waiting]) {
          const page = await rig.openTrace(traceId);
          await page.setViewportSize({ width, height: 780 });
          expect(await isSeen(page, '.problem span', place), `${width}`).toBe(true);
          expect(await page.locator('.problem').count()).toBe(1);
          await page.close();
        }
      }
      const page = await rig.openTrace(culprit.traceId);
      expect(await rowTexts(page)).toContain(
        '  ReportService.render report.service.ts:88 blocked 320 ms',
      );
      expect(await isSeen(page, '.wf-row .chip[data-tone=bad]', 'report.service.ts:88')).toBe(true);
      await page.close();
    });

    it('P10 one number of calls in row, table and comparison', async () => {
      const page = await rig.openTrace(many);
      const fold = page.locator('.wf-row', { hasText: 'Catalogue.priceOf' });
      expect(await fold.innerText()).toMatch(/×100[\s\S]*100 calls, 3 ms/);
      await page.locator('.problem', { hasText: 'ran 100 times' }).waitFor();
      await page.getByRole('button', { name: 'Table' }).click();
      const row = page.locator('.table tr', { hasText: 'Catalogue.priceOf' });
      expect(await row.locator('.number').first().innerText()).toBe('100');
      await at(page, `#/compare/${few}/${many}`);
      await page.locator('.compared-row', { hasText: '×5 → ×100' }).waitFor();
      await at(page, '#/?q=route%3A%2Flist');
      await page.locator('.chip', { hasText: 'repeated ×100' }).waitFor();
      expect(await page.locator('.items').innerText()).not.toContain('N+1');
      await page.close();
    });

    it('P6 the table has all of its columns at 1280 pixels, and more is shaded', async () => {
      const page = await rig.open(`#/t/${many}?view=table`);
      await page.locator('.table').waitFor();
      const hidden = () =>
        page.evaluate<number>(`{
          const { scrollWidth, clientWidth } = document.querySelector('.scroll:has(> .table)');
          scrollWidth - clientWidth;
        }`);
      expect(await hidden()).toBe(0);
      await page.setViewportSize({ width: 390, height: 780 });
      await expect.poll(hidden).toBeGreaterThan(0);
      await page.close();
    });

    it('P7 one number of failed spans in list, heading and problem', async () => {
      const page = await rig.openTrace(group);
      await page.locator('.problem', { hasText: '(3 spans failed)' }).waitFor();
      expect(await page.locator('.facts').innerText()).toContain('3 failed');
      const item = page.locator('.item', { hasText: 'GET /lookup/broken' });
      expect(await item.innerText()).toContain('3 failed');
      await page.close();
    });

    it('P12 a comparison has its headings and figures in lines, on a phone too', async () => {
      const page = await rig.open(`#/compare/${few}/${many}`);
      await page.setViewportSize({ width: 390, height: 780 });
      await page.locator('.compared-row').first().waitFor();
      for (const side of await page.locator('.side').all())
        expect(await heightOf(side)).toBeLessThan(50);
      for (const delta of await page.locator('.compared-delta').all()) {
        expect(await heightOf(delta)).toBeLessThanOrEqual(30);
      }
      await page.close();
    });

    it('P12 the hint how to compare goes when it was followed', async () => {
      const page = await rig.openTrace(few);
      await page.keyboard.press('c');
      const toast = page.locator('.toast', { hasText: 'Press c on another trace' });
      await toast.waitFor();
      await at(page, `#/t/${many}`);
      await expect.poll(() => page.locator('.trace-head').innerText()).toContain('23 spans');
      await page.keyboard.press('c');
      await page.locator('.compared-row').first().waitFor();
      expect(await toast.isVisible()).toBe(false);
      await page.close();
    });

    it('P25 how long an open span has lasted stands on a ground of its own', async () => {
      const traceId = freshTraceId();
      const open = otlpTrace(traceId, Date.now() - 5_000, { name: 'GET /open', kind: 2 });
      await rig.viewer.post('/v1/traces/open', open.traces);
      const page = await rig.openTrace(traceId);
      await page.locator('.wf-label.is-on-bar', { hasText: 'so far' }).waitFor();
      const ground = await page.evaluate(
        "getComputedStyle(document.querySelector('.wf-label.is-on-bar')).backgroundColor",
      );
      expect(ground).toMatch(/^rgb\(/);
      await page.close();
    });

    it('P13 a search that is wrong shows no traces of the one before', async () => {
      const page = await rig.open();
      await page.locator('.item').first().waitFor();
      await page.getByRole('combobox', { name: 'Search traces' }).fill('status:eror');
      await page.getByRole('heading', { name: 'This search is not understood' }).waitFor();
      expect(await page.locator('.item').count()).toBe(0);
      expect(await page.locator('.list-head').innerText()).toContain('0 traces');
      expect(rig.faults().join()).toContain('400');
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.locator('.item').first().waitFor();
      await page.close();
    });

    it('P13 a key and its value alone lead to the search for an attribute', async () => {
      const page = await rig.open('#/?q=user.id%3D42');
      await page.getByRole('button', { name: 'attr:user.id=42' }).click();
      await page.locator('.item').first().waitFor();
      expect(decodeURIComponent(page.url())).toContain('attr:user.id=42');
      await page.close();
    });

    it('P1 one trace that hangs leaves the others a bar', async () => {
      const page = await rig.open();
      const bar = page.locator('.item', { hasText: 'GET /reports/:month' }).locator('.item-bar');
      await expect.poll(() => bar.getAttribute('style')).toMatch(/width: [3-9]\d/);
      await page.close();
    });
  },
);
