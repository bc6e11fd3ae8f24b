import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { picture, whyNoBrowser } from './support/browser.js';
import { otlpTrace } from './support/otlp-sketch.js';
import { PageRig, bandShare, rowTexts, selectedRow } from './support/page-rig.js';
import {
  blockedLoop,
  brokenGroup,
  checkout,
  detachedWork,
  foreignBlock,
  queryInLoop,
} from './support/sample-traces.js';
import { send } from './support/send.js';

const reason = whyNoBrowser();

describe.skipIf(reason)(`a trace${reason === undefined ? '' : ` (${reason})`}`, () => {
  let rig: PageRig;
  const now = Date.now() - 10_000;
  const [whole, loop, cured, broken] = [
    freshTraceId(),
    freshTraceId(),
    freshTraceId(),
    freshTraceId(),
  ];
  const [origin, work] = detachedWork(now);
  const [culprit, waiting] = blockedLoop(now + 500);
  const [theirs, held] = foreignBlock(now + 500);
  beforeAll(async () => {
    rig = await PageRig.start();
    const loops = [queryInLoop(now, 47, loop), queryInLoop(now, 1, cured)];
    await send(
      rig.viewer,
      checkout(now, whole),
      ...loops,
      brokenGroup(now, broken),
      origin,
      work,
      culprit,
      waiting,
      theirs,
      held,
    );
  });
  afterEach(() => expect(rig.faults()).toEqual([]));
  afterAll(() => rig?.stop());

  it('P9 stands as a tree with its log lines in their place', async () => {
    const page = await rig.openTrace(whole);
    const rows = await rowTexts(page);
    expect(rows.slice(0, 6)).toEqual([
      'GET /checkout/:cart',
      '  AuthGuard.canActivate',
      '  CheckoutService.run',
      '    SELECT carts',
      '    INFO cart 17 has 3 items',
      '    GET',
    ]);
    expect(rows).toContain('          INFO rounded to 2 digits');
    await picture(page, 'trace');
    await page.keyboard.press('l');
    await expect.poll(() => rowTexts(page)).not.toContain('    INFO cart 17 has 3 items');
    await page.close();
  });

  it('P25 shows what is still running, until its end comes', async () => {
    const traceId = freshTraceId();
    const report = otlpTrace(traceId, now, {
      name: 'GET /report',
      kind: 2,
      takes: 900,
      children: [{ name: 'write report', at: 100, takes: 700 }],
    });
    expect((await rig.viewer.post('/v1/traces/open', report.traces)).status).toBe(200);
    const page = await rig.openTrace(traceId);
    expect(await rowTexts(page)).toEqual(['GET /report running', '  write report running']);
    await picture(page, 'running');
    await page.locator('.wf-row', { hasText: 'write report' }).click();
    await page.getByText('It has not ended yet.').waitFor();
    await send(rig.viewer, report);
    await expect.poll(() => rowTexts(page)).toEqual(['GET /report', '  write report']);
    await page.close();
  });

  it('P3 does not read the list again for a selection or a zoom', async () => {
    const page = await rig.openTrace(whole);
    const reads: string[] = [];
    page.on('request', (request) => {
      if (/\/api\/(traces\?|live)/.test(request.url())) reads.push(request.url());
    });
    for (const name of ['SELECT carts', 'CheckoutService.run']) {
      const before = page.url();
      await page.locator('.wf-row', { hasText: name }).first().click();
      await expect.poll(() => page.url()).not.toBe(before);
    }
    const before = page.url();
    await page.keyboard.press('+');
    await expect.poll(() => page.url()).not.toBe(before);
    await page.locator('.details').waitFor();
    expect(reads).toEqual([]);
    await page.close();
  });

  it('P7 shows who failed, who was called off by it and who never started', async () => {
    const page = await rig.openTrace(broken);
    const rows = (await rowTexts(page)).map((row) => row.trim());
    expect(rows).toContain('shard 1 ⊘ cancelled');
    expect(rows).toContain('shard 4 ◇ not started');
    expect(rows.find((row) => row.startsWith('shard 2'))).toMatch(/✗ failed OrderNotFoundError/);
    await page.locator('.problem', { hasText: 'cancelled' }).first().waitFor();
    await page.locator('.wf-row', { hasText: 'shard 2' }).first().click();
    await page.locator('.exception', { hasText: 'orders.service.ts:41' }).waitFor();
    await picture(page, 'broken-group');
    await page.locator('.wf-row', { hasText: 'shard 1' }).click();
    await page.locator('.attribute', { hasText: 'async.task.cancel.reason' }).waitFor();
    await page.close();
  });

  it('P8 walks a link there and back, and keeps what was selected', async () => {
    const page = await rig.openTrace(origin.traceId);
    await page.locator('.wf-row', { hasText: 'started write audit' }).click();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'write audit' }).waitFor();
    await expect.poll(() => selectedRow(page)).toBe('write audit');
    await page.locator('.wf-row', { hasText: 'started by ProfileService.show' }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('heading', { level: 1, name: 'GET /profile/:id' }).waitFor();
    await expect.poll(() => selectedRow(page)).toBe('↪ started write audit');
    await page.close();
  });

  it('P8 shows detached work below the span that started it, on one axis of time', async () => {
    const page = await rig.openTrace(origin.traceId);
    const link = page.locator('.wf-row', { hasText: 'started write audit' });
    await link.locator('.wf-twisty').click();
    const together = [
      'GET /profile/:id',
      '  ProfileService.show',
      '    SELECT users',
      '    ↪ started write audit',
      '      write audit ↪ detached',
      '        INSERT audits',
    ];
    await expect.poll(() => rowTexts(page)).toEqual(together);
    await page.locator('.wf-row', { hasText: 'INSERT audits' }).click();
    await page.locator('.attribute', { hasText: 'INSERT INTO audits' }).waitFor();
    await page.locator('.facts-grid', { hasText: '13 ms' }).waitFor();
    await picture(page, 'together');
    await page.reload();
    await expect.poll(() => rowTexts(page)).toEqual(together);
    await expect.poll(() => selectedRow(page)).toBe('INSERT audits');
    await page.getByRole('button', { name: 'Together' }).click();
    await expect.poll(() => rowTexts(page)).toHaveLength(4);
    await page.close();
  });

  it('P8 shows detached work together with its origin from its own side as well', async () => {
    const page = await rig.openTrace(work.traceId);
    await page.locator('.wf-row', { hasText: 'write audit' }).first().click();
    await page.keyboard.press('t');
    await page.getByRole('heading', { level: 1, name: 'GET /profile/:id' }).waitFor();
    await expect.poll(() => rowTexts(page)).toContain('        INSERT audits');
    await page.keyboard.press('[');
    await page.getByRole('heading', { level: 1, name: 'write audit' }).waitFor();
    await page.close();
  });

  it('P10 folds a query in a loop, and each of its calls is reached', async () => {
    const page = await rig.openTrace(loop);
    await page.locator('.problem', { hasText: 'repeated' }).waitFor();
    const fold = page.locator('.wf-row', { hasText: 'SELECT products' });
    expect(await fold.innerText()).toMatch(/×47[\s\S]*47 calls, 150 ms/);
    await picture(page, 'n-plus-1');
    await fold.locator('.wf-twisty').click();
    await expect.poll(() => page.getByRole('treegrid').getAttribute('aria-rowcount')).toBe('51');
    await page.keyboard.press('End');
    await expect.poll(() => selectedRow(page)).toBe('SELECT products');
    await page.close();
  });

  it('P11 marks a blocked loop on its span and on the trace that waited', async () => {
    const page = await rig.openTrace(culprit.traceId);
    await page.locator('.problem', { hasText: 'report.service.ts:88' }).waitFor();
    await picture(page, 'blocked');
    const other = await rig.openTrace(waiting.traceId);
    const hint = other.locator('.problem', { hasText: 'report.service.ts:88' }).first();
    await hint.waitFor();
    await picture(other, 'waited');
    await Promise.all([page.close(), other.close()]);
  });

  it('K18 draws the band of a blocked loop from the event alone, whoever sends it', async () => {
    const page = await rig.openTrace(theirs.traceId);
    await page.locator('.problem', { hasText: 'render.py:17' }).waitFor();
    expect(await rowTexts(page)).toContain('  render render.py:17 blocked 250 ms');
    expect(await bandShare(page)).toBeCloseTo(250 / 300, 1);
    const other = await rig.openTrace(held.traceId);
    await other.locator('.problem', { hasText: 'render.py:17' }).first().waitFor();
    expect(await bandShare(other)).toBeCloseTo(245 / 255, 1);
    const innocent = await rig.openTrace(whole);
    expect(await bandShare(innocent)).toBeLessThan(0.02);
    await Promise.all([page, other, innocent].map((each) => each.close()));
  });

  it('P12 compares a query in a loop with its cure', async () => {
    const page = await rig.openTrace(loop);
    await page.keyboard.press('c');
    await page.goto(`${page.url().split('#')[0]}#/t/${cured}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => page.locator('.trace-head').innerText()).toContain('4 spans');
    await page.keyboard.press('c');
    await page.locator('.compared-row', { hasText: '×47 → ×1' }).waitFor();
    expect(await page.locator('.delta').innerText()).toMatch(/−180 ms 87 % faster/);
    await picture(page, 'compare');
    await page.goto(`${page.url().split('#')[0]}#/compare/${loop}/${loop}`);
    await page.getByText('No difference').waitFor();
    await page.close();
  });

  it('P13 finds in a trace, counts and walks all matches, folded ones too', async () => {
    const page = await rig.openTrace(whole);
    await page.keyboard.press('0');
    await expect.poll(() => rowTexts(page)).toEqual(['GET /checkout/:cart']);
    await page.keyboard.press('f');
    await page.keyboard.type('stock');
    await expect.poll(() => page.locator('.find output').innerText()).toBe('1');
    await page.keyboard.press('Enter');
    await expect.poll(() => selectedRow(page)).toBe('UPDATE stock');
    await page.close();
  });

  it('P5 shows the critical path alone, P6 the table adds up', async () => {
    const page = await rig.openTrace(whole);
    await page.keyboard.press('x');
    await expect.poll(async () => (await rowTexts(page)).length).toBeLessThan(13);
    await page.getByRole('button', { name: 'Table' }).click();
    const row = page.locator('.table tr', { hasText: 'Rounding.apply' });
    expect(await row.innerText()).toMatch(/24 ms\s+24 ms/);
    for (const view of ['Icicle', 'Logs']) {
      await page.getByRole('button', { name: view }).click();
      await picture(page, view.toLowerCase());
    }
    expect(await page.locator('.log-lines').innerText()).toContain(
      'payment takes longer than usual',
    );
    await page.close();
    const silent = await rig.openTrace(loop);
    await silent.goto(`${silent.url().split('#')[0]}#/t/${loop}?view=logs`);
    await silent.getByText('No log line of this trace arrived').waitFor();
    await silent.close();
  });

  it('P14 copies the same text that the API gives', async () => {
    const page = await rig.openTrace(broken);
    await page.keyboard.press('y');
    await page.getByText('Copied the trace as text.').waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toBe((await rig.viewer.send({ path: `/api/traces/${broken}.txt` })).body);
    expect(copied).toContain('shard 2');
    await page.close();
  });

  it('P15 opens a file that is dropped, and says where a bad one is bad', async () => {
    const page = await rig.open();
    const file = page.getByLabel('Import a file of traces');
    const trace = checkout(now);
    await file.setInputFiles({
      name: 'mine.json',
      mimeType: 'application/json',
      buffer: Buffer.from(trace.traces),
    });
    await page.getByRole('heading', { level: 1, name: 'GET /checkout/:cart' }).waitFor();
    expect(page.url()).toContain(trace.traceId);
    await file.setInputFiles({
      name: 'bad.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"resourceSpans": ['),
    });
    await page.locator('.toast', { hasText: 'bad.json: ' }).waitFor();
    rig.faults();
    await page.close();
  });
});
