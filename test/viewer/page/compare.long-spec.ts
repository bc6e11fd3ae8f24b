import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { whyNoBrowser } from './support/browser.js';
import { otlpTrace } from './support/otlp-sketch.js';
import { PageRig } from './support/page-rig.js';
import { checkout, marked } from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();

describe.skipIf(reason)(`two traces compared${reason === undefined ? '' : ` (${reason})`}`, () => {
  let rig: PageRig;
  const now = Date.now() - 10_000;
  const [whole, again, early, late, long] = [
    freshTraceId(),
    freshTraceId(),
    freshTraceId(),
    freshTraceId(),
    freshTraceId(),
  ];
  beforeAll(async () => {
    rig = await PageRig.start();
    const moved = (traceId: string, at: number) =>
      otlpTrace(traceId, now, {
        name: 'GET /moved',
        takes: 20,
        kind: 2,
        children: [{ name: 'step', at, takes: 5 }],
      });
    await send(rig.viewer, checkout(now, whole), checkout(now + 500, again));
    await send(rig.viewer, moved(early, 1), moved(late, 12), marked(now, long));
  });
  afterEach(() => expect(rig.faults()).toEqual([]));
  afterAll(() => rig?.stop());

  it('P12 the same trace twice, or one that took as long, gives no difference', async () => {
    for (const other of [whole, again]) {
      const page = await rig.open(`#/compare/${whole}/${other}`);
      await page.locator('.compared-row').first().waitFor();
      expect(await page.locator('.compare-head .delta').innerText()).toBe('same duration');
      await page.getByText('No difference: the same spans, each as long.').waitFor();
      await page.getByRole('button', { name: 'Changes only' }).click();
      await page.getByText('No row differs').waitFor();
      expect(await page.locator('.compared-row').count()).toBe(0);
      await page.close();
    }
  });

  it('P12 names both traces in a line each, where there is little room as well', async () => {
    for (const width of [800, 1280]) {
      const page = await rig.open(`#/compare/${long}/${whole}`);
      await page.setViewportSize({ width, height: 780 });
      await page.locator('.compared-row').first().waitFor();
      for (const side of await page.locator('.side').all()) {
        expect((await side.boundingBox())!.height).toBeLessThan(50);
      }
      await page.locator('.compared-row', { hasText: '+ only in B' }).first().waitFor();
      await page.locator('.compared-row', { hasText: '− only in A' }).first().waitFor();
      await page.close();
    }
  });

  it('P12 what only ran at another time is no difference of duration', async () => {
    const page = await rig.open(`#/compare/${early}/${late}`);
    await page.locator('.compared-row').first().waitFor();
    expect(await page.locator('.compare-head .delta').innerText()).toBe('same duration');
    expect(await page.locator('.middle').innerText()).not.toContain('%');
    await page.close();
  });
});
