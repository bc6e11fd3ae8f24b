import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { picture, whyNoBrowser } from './support/browser.js';
import { PageRig } from './support/page-rig.js';
import {
  blockedLoop,
  brokenGroup,
  checkout,
  largeTrace,
  oddTimes,
  queryInLoop,
} from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();

/** Hides a tab, or shows it again. */
async function look(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`);
}

describe.skipIf(reason)(`the list of traces${reason === undefined ? '' : ` (${reason})`}`, () => {
  let rig: PageRig;
  beforeAll(async () => void (rig = await PageRig.start()));
  afterEach(() => expect(rig.faults()).toEqual([]));
  afterAll(() => rig?.stop());

  const names = async (page: Page) =>
    page
      .locator('.item-name')
      .evaluateAll((items) => items.map((item) => item.lastChild?.textContent));

  it('P1 says how to send the first trace, and shows it as it arrives', async () => {
    const page = await rig.open();
    await page.getByRole('heading', { name: 'Waiting for the first trace' }).waitFor();
    const snippet = await page.locator('.snippet').nth(1).innerText();
    expect(snippet).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${rig.viewer.http}`);
    await picture(page, 'empty');
    await send(rig.viewer, checkout(Date.now() - 5_000));
    await page.locator('.item').waitFor();
    expect(await names(page)).toEqual(['GET /checkout/:cart']);
    expect(await page.locator('.item').innerText()).toMatch(/138 ms[\s\S]*shop[\s\S]*12 spans/);
    await page.close();
  });

  it('P13 finds by words, service, status, duration, attribute and problem', async () => {
    const now = Date.now() - 4_000;
    await send(rig.viewer, queryInLoop(now, 47), brokenGroup(now + 100), ...blockedLoop(now + 200));
    const page = await rig.open();
    const found = async (query: string) => {
      await page.getByRole('combobox', { name: 'Search traces' }).fill(query);
      await expect
        .poll(() => new URL(page.url()).hash)
        .toBe(query === '' ? '#/' : `#/?${new URLSearchParams({ q: query }).toString()}`);
      return page;
    };
    await expect.poll(async () => names(await found('shard 2'))).toEqual(['GET /lookup/broken']);
    await expect
      .poll(async () => names(await found('service:pricing')))
      .toEqual(['GET /checkout/:cart']);
    await expect
      .poll(async () => names(await found('status:error')))
      .toEqual(['GET /lookup/broken']);
    await expect
      .poll(async () => names(await found('duration:>340ms')))
      .toEqual(['GET /reports/:month']);
    await expect
      .poll(async () => names(await found('attr:user.id=42 has:n+1')))
      .toEqual(['GET /orders/:id']);
    await found('');
    await page.getByRole('button', { name: 'Blocked' }).click();
    await expect.poll(() => names(page)).toEqual(['GET /reports/:month']);
    expect(new URL(page.url()).hash).toBe('#/?q=has%3Ablocked');
    await found('duration:>bad');
    await page.locator('.fault mark').waitFor();
    expect(rig.faults().join()).toContain('400');
    await page.close();
  });

  it('P13 completes a search from what arrived', async () => {
    const page = await rig.open();
    const field = page.getByRole('combobox', { name: 'Search traces' });
    await field.pressSequentially('service:wa');
    await page.getByRole('option', { name: 'service:warehouse' }).waitFor();
    await field.press('ArrowDown');
    await field.press('Enter');
    await expect.poll(() => names(page)).toEqual(['GET /checkout/:cart']);
    await page.close();
  });

  it('P24 groups by route, and a bar of the picture is a filter', async () => {
    const page = await rig.open('#/?list=routes');
    const group = page.locator('.group', { hasText: 'GET /reports/:month' });
    expect(await group.innerText()).toMatch(/count\s*1[\s\S]*p50\s*352 ms[\s\S]*p95\s*352 ms/);
    await picture(page, 'routes');
    await group.locator('.histogram button:enabled').click();
    await expect.poll(() => names(page)).toEqual(['GET /reports/:month']);
    expect(decodeURIComponent(new URL(page.url()).hash)).toContain('duration:');
    await page.close();
  });

  it('P23 draws who calls whom, and says it in a table', async () => {
    const page = await rig.open('#/map');
    await page.locator('.node', { hasText: 'warehouse' }).waitFor();
    const row = page.locator('.table tr', { hasText: /shop\s*pricing/ });
    expect(await row.innerText()).toMatch(/shop\s+pricing\s+1\s/);
    await page.locator('.node[data-kind=database]', { hasText: 'postgresql' }).waitFor();
    await picture(page, 'map');
    await page.close();
  });

  it('holds still under the pointer and says what waits', async () => {
    const page = await rig.open();
    await page.locator('.item').first().hover();
    const before = await names(page);
    await send(rig.viewer, largeTrace(Date.now(), 20, 'wide'));
    await page.getByRole('button', { name: '1 new ↑' }).waitFor();
    expect(await names(page)).toEqual(before);
    await page.getByRole('button', { name: '1 new ↑' }).click();
    await expect.poll(async () => (await names(page))[0]).toBe('GET /large/wide');
    await page.close();
  });

  it('P21 shows a trace of odd times without a fault', async () => {
    const traceId = freshTraceId();
    await send(rig.viewer, oddTimes(Date.now(), traceId));
    const page = await rig.openTrace(traceId);
    await page.locator('.services', { hasText: 'clock +995 ms' }).waitFor();
    await page.locator('.wf-row', { hasText: 'a span that never arrived' }).waitFor();
    await page.locator('.wf-row', { hasText: 'ends before it starts' }).first().click();
    await page.locator('.remarks', { hasText: 'ended before it started' }).waitFor();
    await picture(page, 'odd-times');
    await page.close();
  });

  it('P20 a hidden tab holds no stream, and goes on where it was', async () => {
    const page = await rig.open();
    const ended = page.waitForEvent('requestfailed', (request) =>
      request.url().includes('/api/live'),
    );
    await look(page, 'hidden');
    await ended;
    const before = (await names(page)).length;
    await send(rig.viewer, queryInLoop(Date.now(), 1));
    const opened = page.waitForRequest((request) => request.url().includes('/api/live'));
    await look(page, 'visible');
    expect((await opened).url()).toMatch(/after=\d+&session=/);
    await expect.poll(async () => (await names(page)).length).toBe(before + 1);
    await page.close();
  });

  it('P20 a stream that was refused is not opened again once another search is', async () => {
    const page = await rig.open();
    await page.clock.install();
    await page.route('**/api/live?*', (route) => route.fulfill({ status: 503 }));
    for (const state of ['hidden', 'visible'] as const) await look(page, state);
    await page.locator('.pulse[data-state=lost]').waitFor();
    await page.unroute('**/api/live?*');
    const opened: (string | null)[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === '/api/live') opened.push(searchParams.get('q'));
    });
    await page.getByRole('combobox', { name: 'Search traces' }).fill('service:shop');
    await page.clock.runFor(500);
    await expect.poll(() => opened).toEqual(['service:shop']);
    await page.clock.runFor(5_000);
    // Requests are told in their order: had there been another, it would have come before this.
    await page.evaluate("fetch('/api/terms').then(({ ok }) => ok)");
    expect(opened).toEqual(['service:shop']);
    expect(rig.faults().join()).toContain('503');
    await page.close();
  });

  it('P20 says that the trace that is open has left the store, and keeps what was read', async () => {
    const traceId = freshTraceId();
    await send(rig.viewer, queryInLoop(Date.now(), 3, traceId));
    const page = await rig.openTrace(traceId);
    const headers = { 'content-type': 'application/json' };
    await rig.viewer.send({ method: 'DELETE', path: `/api/traces/${traceId}`, headers });
    await page.getByRole('alert').filter({ hasText: 'has left the store' }).waitFor();
    expect(await page.locator('.wf-row:visible').count()).toBeGreaterThan(2);
    expect(rig.faults().join()).toContain('404');
    await page.close();
  });

  it('keeps the elements, the focus and the mark of a trace while others arrive above it', async () => {
    const traceId = freshTraceId();
    await send(rig.viewer, queryInLoop(Date.now(), 2, traceId));
    const page = await rig.openTrace(traceId);
    const link = page.locator(`.item a[href*="${traceId}"]`);
    await link.evaluate((element) => void ((element as { mark?: string }).mark = 'the same'));
    await link.focus();
    for (let sent = 0; sent < 30; sent++) {
      const other = freshTraceId();
      await send(rig.viewer, queryInLoop(Date.now() + sent, 1, other));
      if (sent < 20) await page.locator(`.item a[href*="${other}"]`).waitFor();
    }
    expect(await link.evaluate((element) => (element as { mark?: string }).mark)).toBe('the same');
    expect(await page.evaluate(`document.activeElement.href.includes("${traceId}")`)).toBe(true);
    expect(await link.getAttribute('aria-current')).toBe('true');
    expect(await page.locator('.item a').count()).toBeLessThan(60);
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate('document.activeElement.closest(".item") === null')).toBe(false);
    await page.close();
  });

  it('P4 marks a trace that is pinned, and says so', async () => {
    const traceId = freshTraceId();
    await send(rig.viewer, checkout(Date.now(), traceId));
    const page = await rig.openTrace(traceId);
    const item = page.locator('.item', { has: page.locator(`a[href*="${traceId}"]`) });
    const mark = item.getByRole('img', { name: 'pinned' });
    expect(await mark.count()).toBe(0);
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    await mark.waitFor();
    expect(await item.innerText()).not.toContain('pinned');
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    await mark.waitFor({ state: 'detached' });
    await page.close();
  });

  it('P20 says that the viewer is gone, and goes on when it is back', async () => {
    const page = await rig.open();
    const { http } = rig.viewer;
    await rig.viewer.stop();
    await page.getByText('No answer, trying again').waitFor();
    const other = await PageRig.start('--port', String(http));
    await send(other.viewer, queryInLoop(Date.now(), 1));
    await page.locator('.pulse[data-state=live]').waitFor();
    await expect.poll(() => names(page)).toEqual(['GET /orders/:id']);
    await page.close();
    await other.stop();
    rig.faults();
  });
});
