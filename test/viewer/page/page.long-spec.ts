import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { picture, whyNoBrowser } from './support/browser.js';
import { PageRig, injected, selectedRow, seriousFaults } from './support/page-rig.js';
import {
  HOSTILE_TEXTS,
  brokenGroup,
  checkout,
  detachedWork,
  hostile,
} from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();

describe.skipIf(reason)(`the page${reason === undefined ? '' : ` (${reason})`}`, () => {
  let rig: PageRig;
  const now = Date.now() - 10_000;
  const [whole, broken] = [freshTraceId(), freshTraceId()];
  beforeAll(async () => {
    rig = await PageRig.start();
    await send(rig.viewer, checkout(now, whole), brokenGroup(now, broken), ...detachedWork(now));
  });
  afterEach(() => expect(rig.faults()).toEqual([]));
  afterAll(() => rig?.stop());

  it.each(['light', 'dark'] as const)(
    'P16 P17 has no serious fault for axe, %s',
    async (colorScheme) => {
      const page = await rig.open();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const place of ['#/', `#/t/${broken}`]) {
        await page.goto(`${page.url().split('#')[0]}${place}`);
        await page.locator('.wf-row, .item').first().waitFor();
        expect(await seriousFaults(page), place).toEqual([]);
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await picture(page, `help-${colorScheme}`);
      await page.close();
    },
  );

  it('P16 is used by keyboard alone', async () => {
    const page = await rig.open();
    await page.keyboard.press('j');
    await page.locator('.wf-row').first().waitFor();
    await page.goto(`${page.url().split('#')[0]}#/t/${whole}`);
    await page.locator('.wf-row', { hasText: 'CheckoutService.run' }).waitFor();
    for (const key of ['Home', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    await expect.poll(() => selectedRow(page)).toBe('CheckoutService.run');
    await page.keyboard.press('ArrowLeft');
    const row = page.locator('.wf-row.is-selected');
    await expect.poll(() => row.getAttribute('aria-expanded')).toBe('false');
    expect(await row.getAttribute('aria-level')).toBe('2');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => row.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('+');
    await expect.poll(() => page.url()).toContain('at=');
    for (const key of ['Escape', 'Escape']) await page.keyboard.press(key);
    await expect.poll(() => new URL(page.url()).hash).toBe('#/');
    await page.close();
  });

  it('P17 is the same after a reload', async () => {
    const page = await rig.openTrace(broken);
    await page.locator('.wf-row', { hasText: 'shard 2' }).first().click();
    await page.keyboard.press('+');
    await expect.poll(() => page.url()).toMatch(/\/s\/[0-9a-f]{16}\?at=/);
    await page.getByRole('button', { name: /^Theme/ }).click();
    const look = '[location.href, getComputedStyle(document.body).backgroundColor]';
    const before = await page.evaluate(look);
    await page.reload();
    await expect.poll(() => selectedRow(page)).toBe('shard 2');
    expect(await page.evaluate(look)).toEqual(before);
    await page.close();
  });

  it('P18 asks nobody else, and its policy lets nobody in', async () => {
    const page = await rig.open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).host));
    await page.goto(`${page.url().split('#')[0]}#/t/${whole}`);
    await page.reload();
    await page.locator('.wf-row').first().waitFor();
    expect(new Set(asked)).toEqual(new Set([`127.0.0.1:${rig.viewer.http}`]));
    const isRefused = (code: string) =>
      page.evaluate(`(async () => { ${code} })().then(() => false, () => true)`);
    expect(await isRefused('document.body.innerHTML = "<b>x</b>"')).toBe(true);
    expect(await isRefused('await fetch("http://127.0.0.2:9/")')).toBe(true);
    expect(rig.faults().join('\n')).toMatch(/Content Security Policy|Trusted/);
    await page.close();
  });

  it('P19 shows hostile text as text, everywhere', async () => {
    const ids = HOSTILE_TEXTS.map(() => freshTraceId());
    await send(rig.viewer, ...HOSTILE_TEXTS.map((text, index) => hostile(now, text, ids[index])));
    const page = await rig.open();
    for (const traceId of ids) {
      await page.goto(`${page.url().split('#')[0]}#/t/${traceId}`);
      await page.locator('.exception').waitFor();
    }
    await picture(page, 'hostile');
    for (const place of [`#/t/${ids[0]}?view=table`, `#/t/${ids[0]}?view=logs`, '#/?list=routes']) {
      await page.goto(`${page.url().split('#')[0]}${place}`);
      await page.locator('.group, .table, .log-lines').first().waitFor();
    }
    expect(await injected(page)).toEqual([]);
    await page.close();
  });

  it('P17 is used on a phone', async () => {
    const page = await rig.open();
    await page.setViewportSize({ width: 390, height: 780 });
    await page.locator('.item', { hasText: 'GET /lookup/broken' }).click();
    await page.locator('.wf-row', { hasText: 'shard 2' }).first().click();
    await page.locator('.exception').waitFor({ state: 'visible' });
    await picture(page, 'phone-details');
    await page.getByRole('button', { name: 'Close the details' }).click();
    await picture(page, 'phone');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await page.locator('.item').first().waitFor();
    await page.close();
  });
});
