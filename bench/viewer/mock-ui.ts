import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { freshId, largeTrace } from './traces.js';

const COUNTS = [100, 1_000, 10_000];
const PATIENCE_MILLIS = 20_000;
const LOCAL = '127.0.0.1';

/** What is used of `@elastic/mockotlpserver`: its command is these, on ports that are fixed. */
interface MockServer {
  readonly httpUrl: URL;
  readonly uiUrl: URL;
  start(): Promise<void>;
  close(): Promise<void>;
}
interface MockPackage {
  readonly MockOtlpServer: new (options: object) => MockServer;
}
interface MockPrinters {
  readonly FilePrinter: new (log: object) => { subscribe(): void };
}

/** Opens traces in the page of `@elastic/mockotlpserver --ui`, as far as it can. */
export async function measureMockUi(page: Page): Promise<string[]> {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@elastic/mockotlpserver/package.json'));
  const { MockOtlpServer } = require('@elastic/mockotlpserver') as MockPackage;
  const { FilePrinter } = require(join(folder, 'lib/printers.js')) as MockPrinters;
  const ports = { httpPort: 0, httpHostname: LOCAL, uiPort: 0, uiHostname: LOCAL };
  const server = new MockOtlpServer({ services: ['http', 'ui'], logLevel: 'fatal', ...ports });
  new FilePrinter({}).subscribe();
  await server.start();
  try {
    const lines = [];
    for (const count of COUNTS) lines.push(await measure(server, page, count, join(folder, 'db')));
    return lines;
  } finally {
    // The server waits for what is under way, not for connections that rest.
    await page.goto('about:blank');
    await server.close();
  }
}

async function measure(server: MockServer, page: Page, count: number, folder: string) {
  const traceId = freshId(32);
  const file = join(folder, `trace-${traceId}.ndjson`);
  const [body = ''] = largeTrace(traceId, count, 'tree');
  const headers = { 'content-type': 'application/json' };
  try {
    await fetch(new URL('v1/traces', server.httpUrl), { method: 'POST', headers, body });
    await written(file, count);
    return `@elastic/mockotlpserver --ui, ${count} spans: ${await open(server, page, traceId)}`;
  } finally {
    rmSync(file, { force: true });
  }
}

/** Until its server has written the trace, from which its page reads. */
async function written(file: string, count: number): Promise<void> {
  for (const end = Date.now() + PATIENCE_MILLIS; Date.now() < end; await setTimeout(50)) {
    const lines = readLines(file);
    if (lines >= count) return;
  }
  throw new Error(`@elastic/mockotlpserver did not write ${file}.`);
}

function readLines(file: string): number {
  try {
    return readFileSync(file, 'utf8').split('\n').length - 1;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** From the start of the page's load to its chart: the link is a page of its own. */
async function open(server: MockServer, page: Page, traceId: string): Promise<string> {
  const address = new URL(`trace-details.html?traceId=${traceId}`, server.uiUrl);
  await page.goto(address.href, { waitUntil: 'commit' });
  const chart = page.locator('#vega canvas');
  const failure = await chart.waitFor({ timeout: PATIENCE_MILLIS }).catch((error: Error) => error);
  if (failure) return `no chart within ${PATIENCE_MILLIS / 1_000} s`;
  const [millis, height, isEmpty] = (await page.evaluate(`new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const { width, height } = document.querySelector('#vega canvas');
      const context = document.querySelector('#vega canvas').getContext('2d');
      const pixels = context.getImageData(0, 0, width, Math.min(height, 500)).data;
      resolve([performance.now(), height, pixels.every((value) => value === 0)]);
    }));
  })`)) as [number, number, boolean];
  if (isEmpty) return `a chart of ${height} pixels that stays empty, after ${millis.toFixed(0)} ms`;
  return `${millis.toFixed(0)} ms`;
}
