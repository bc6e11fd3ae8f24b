import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { whyNoBrowser } from './support/browser.js';
import { PageRig, injected, seriousFaults } from './support/page-rig.js';
import { HOSTILE_TEXTS, brokenGroup, checkout, hostile } from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();
const VIEWS = ['waterfall', 'table', 'logs', 'icicle'];
const SHOWN =
  '.wf-row, .table, .log-lines, .compared-row, .group, .item, .icicle canvas, .middle .empty';

describe.skipIf(reason)(
  `every place of the page${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    let rig: PageRig;
    const now = Date.now() - 10_000;
    const [whole, broken] = [freshTraceId(), freshTraceId()];
    const texts = HOSTILE_TEXTS.map(() => freshTraceId());
    beforeAll(async () => {
      rig = await PageRig.start();
      const traces = HOSTILE_TEXTS.map((text, index) => hostile(now, text, texts[index]));
      await send(rig.viewer, checkout(now, whole), brokenGroup(now, broken), ...traces);
    });
    afterAll(() => rig?.stop());

    it.each(['light', 'dark'] as const)(
      'P16 P17 has no serious fault for axe, %s',
      async (colorScheme) => {
        const page = await rig.open();
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const traces = [whole, broken].flatMap((id) =>
          VIEWS.map((view) => `#/t/${id}?view=${view}`),
        );
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 780 });
          for (const place of [
            '#/',
            '#/?list=routes',
            '#/map',
            `#/compare/${whole}/${broken}`,
            ...traces,
          ]) {
            await page.goto(`${page.url().split('#')[0]}${place}`);
            await page.locator(SHOWN).locator('visible=true').first().waitFor();
            expect(await seriousFaults(page), `${place} ${width}`).toEqual([]);
          }
        }
        await page.close();
      },
    );

    it('P19 shows hostile text as text in every view', async () => {
      const page = await rig.open();
      for (const id of texts) {
        for (const place of [
          ...VIEWS.map((view) => `#/t/${id}?view=${view}`),
          `#/compare/${id}/${whole}`,
        ]) {
          await page.goto(`${page.url().split('#')[0]}${place}`);
          await page.locator(SHOWN).first().waitFor();
        }
      }
      expect(await injected(page)).toEqual([]);
      expect(rig.faults()).toEqual([]);
      await page.close();
    });
  },
);
