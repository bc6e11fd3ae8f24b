import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { requestOf, spanOf } from '../support/otlp.js';
import { whyNoBrowser } from './support/browser.js';
import { PageRig, selectedRow } from './support/page-rig.js';
import { checkout, marked } from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();

describe.skipIf(reason)(`the page in use${reason === undefined ? '' : ` (${reason})`}`, () => {
  let rig: PageRig;
  const now = Date.now() - 10_000;
  const [whole, busy] = [freshTraceId(), freshTraceId()];
  beforeAll(async () => {
    rig = await PageRig.start();
    await send(rig.viewer, checkout(now, whole), marked(now + 1, busy));
  });
  afterEach(() => expect(rig.faults()).toEqual([]));
  afterAll(() => rig?.stop());

  it('P15 imports several files that are chosen at once, one after another', async () => {
    const page = await rig.open();
    const files = ['one', 'two', 'three'].map((name) => ({
      name: `${name}.json`,
      mimeType: 'application/json',
      buffer: Buffer.from(requestOf(name, [spanOf(freshTraceId(), [1, 0, 0, 5])])),
    }));
    const field = page.getByLabel('Import a file of traces');
    expect(await field.getAttribute('accept')).toContain('.gz');
    await field.setInputFiles(files);
    await page.getByText('three.json: 1 trace, 1 span.').waitFor();
    for (const name of ['one', 'two', 'three']) {
      await page.locator('.item-service', { hasText: name }).waitFor();
    }
    await page.close();
  });

  it('shows the details at the first touch where there is no room for them beside', async () => {
    const page = await rig.openTrace(whole);
    await page.setViewportSize({ width: 390, height: 780 });
    await page.locator('.wf-row', { hasText: 'SELECT carts' }).click();
    await page.locator('.details', { hasText: 'db.query.text' }).waitFor();
    await page.getByRole('button', { name: 'Close the details' }).click();
    await page.locator('.details').waitFor({ state: 'hidden' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await selectedRow(page)).toBe('GET');
    expect(await page.locator('.details').isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    await page.locator('.details', { hasText: 'url.full' }).waitFor();
    await page.evaluate(`location.hash = '#/t/${busy}'`);
    await page.locator('h1', { hasText: '/accounts' }).waitFor();
    expect(await page.locator('.details').isVisible()).toBe(false);
    await page.close();
  });

  it('P16 moves nothing below the keys that are shown, and leaves them by going back', async () => {
    const page = await rig.openTrace(whole);
    await page.locator(`.item a[href*="${busy}"]`).click();
    await page.locator('h1', { hasText: '/accounts' }).waitFor();
    const address = page.url();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    for (const key of ['j', 'k', 'x', 'c']) await page.keyboard.press(key);
    expect(page.url()).toBe(address);
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.close();
  });

  it('leads back to the list from a trace, and from one that is not here, on a phone too', async () => {
    for (const traceId of [whole, 'ab'.repeat(16)]) {
      for (const width of [390, 1280]) {
        const page = await rig.open(`#/t/${traceId}?q=service%3Ashop`);
        await page.setViewportSize({ width, height: 780 });
        await page.getByRole('button', { name: 'List', exact: true }).click();
        await page.locator('.app[data-page=list] .item').first().waitFor();
        expect(page.url()).toContain('#/?q=service%3Ashop');
        await page.close();
      }
    }
    expect(rig.faults().every((fault) => fault.includes('404'))).toBe(true);
  });

  it('leaves the traces that stay seen in their place while the list is scrolled', async () => {
    for (let sent = 0; sent < 40; sent++) await send(rig.viewer, checkout(now - sent * 1_000));
    const page = await rig.open();
    await page.locator('.item').nth(20).waitFor();
    // An element that is moved between the press and its end gets no click.
    await page.evaluate(`{
      window.moved = [];
      new MutationObserver((changes) => {
        for (const { removedNodes } of changes) window.moved.push(...removedNodes);
      }).observe(document.querySelector('.items'), { childList: true });
      window.before = new Map([...document.querySelectorAll('.item')].map((item) => [item, item.firstChild.href]));
      document.querySelector('.traces').scrollTop += 38 * 10;
    }`);
    await expect.poll(() => page.evaluate('window.moved.length')).toBeGreaterThan(0);
    const kept = await page.evaluate(
      'window.moved.filter((item) => item.firstChild.href === window.before.get(item)).length',
    );
    expect(kept).toBe(0);
    await page.close();
  });

  it('P4 asks before everything is removed, and forgets that it asked', async () => {
    const page = await rig.open();
    await page.locator('.item').first().waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: 'Remove all?' }).waitFor();
    await page.setViewportSize({ width: 390, height: 780 });
    const { x, width } = (await page.getByText('Remove all?').boundingBox())!;
    expect(x + width).toBeLessThanOrEqual(390);
    await page.getByRole('combobox', { name: 'Search traces' }).focus();
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await page.locator('.item').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Remove all?' }).click();
    await page.getByRole('heading', { name: 'Waiting for the first trace' }).waitFor();
    await page.getByRole('button', { name: 'Routes' }).click();
    await page.getByRole('heading', { name: 'Waiting for the first trace' }).waitFor();
    await page.close();
  });
});
