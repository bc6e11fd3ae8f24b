// Makes the pictures of docs/viewer.md from the running page: npm run docs:pictures
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { freshTraceId } from '../../test/viewer/support/messages.js';
import { ViewerProcess } from '../../test/viewer/support/viewer-process.js';
import { TestBrowser, whyNoBrowser } from '../../test/viewer/page/support/browser.js';
import {
  blockedLoop,
  brokenGroup,
  checkout,
  detachedWork,
  queryInLoop,
} from '../../test/viewer/page/support/sample-traces.js';
import { send } from '../../test/viewer/page/support/send.js';
import { sendAutomaticTrace } from './automatic-trace.js';

const TARGET = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const SECOND = 1_000;

const reason = whyNoBrowser();
if (reason !== undefined) throw new Error(reason);
mkdirSync(TARGET, { recursive: true });
const [whole, broken, loop, cured] = [
  freshTraceId(),
  freshTraceId(),
  freshTraceId(),
  freshTraceId(),
];
const now = Date.now() - 30 * SECOND;
const [origin, work] = detachedWork(now + 17 * SECOND);
const viewer = await ViewerProcess.start('--no-terminal');
await fill(viewer);
for (const scheme of ['light', 'dark'] as const) {
  const browser = await TestBrowser.start({ scheme });
  const page = await browser.open(viewer.http);
  if (scheme === 'light') await lightPictures(page);
  else await darkPictures(page);
  await browser.close();
}
await viewer.stop();

/** Half a minute of a small shop. */
async function fill(target: ViewerProcess): Promise<void> {
  for (let index = 0; index < 14; index++) await send(target, checkout(now + index * SECOND));
  const [culprit, waiting] = blockedLoop(now + 15 * SECOND);
  await send(target, culprit, waiting, origin, work);
  const loops = [
    queryInLoop(now + 19 * SECOND, 47, loop),
    queryInLoop(now + 21 * SECOND, 1, cured),
  ];
  await send(
    target,
    ...loops,
    brokenGroup(now + 23 * SECOND, broken),
    checkout(now + 25 * SECOND, whole),
  );
}

async function lightPictures(page: Page): Promise<void> {
  await shown(page, '#/', '.item', 'list');
  await shown(page, `#/t/${broken}`, '.wf-row', 'broken-group', async () => {
    await page.locator('.wf-row', { hasText: 'shard 2' }).first().click();
    await page.locator('.exception').waitFor();
  });
  const together = `#/t/${origin.traceId}?with=${work.traceId}`;
  await shown(page, together, '.wf-row >> text=INSERT audits', 'together', async () => {
    await page.locator('.wf-row', { hasText: 'started write audit' }).click();
  });
  await shown(page, `#/compare/${loop}/${cured}`, '.compared-row', 'compare');
  await shown(page, '#/map', '.node', 'map');
}

async function darkPictures(page: Page): Promise<void> {
  await shown(page, `#/t/${whole}`, '.wf-row', 'trace', async () => {
    await page.locator('.wf-row', { hasText: 'SELECT carts' }).click();
    await page.locator('.attribute', { hasText: 'db.query.text' }).waitFor();
  });
  await automaticPicture(page);
}

/** The demo's own trace, after the others, so that it is in none of their pictures. */
async function automaticPicture(page: Page): Promise<void> {
  await sendAutomaticTrace(viewer.grpc);
  await page.goto(`${page.url().split('#')[0]}#/`);
  await page.locator('.item', { hasText: 'GET /lookup/:key' }).first().click();
  await taken(page, '.wf-row >> text=ShardNetwork.reach', 'automatic');
}

async function shown(
  page: Page,
  hash: string,
  ready: string,
  name: string,
  act = () => Promise.resolve(),
) {
  await page.goto(`${page.url().split('#')[0]}${hash}`);
  await taken(page, ready, name, act);
}

async function taken(page: Page, ready: string, name: string, act = () => Promise.resolve()) {
  await page.locator(ready).first().waitFor();
  await act();
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
  await page.screenshot({ path: `${TARGET}${name}.png` });
  process.stdout.write(`docs/pictures/${name}.png\n`);
}
