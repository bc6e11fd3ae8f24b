import { afterEach, describe, expect, it } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from '../http/support/http-app.js';
import type { Platform } from '../http/support/http-app.js';
import { FaultCollector } from '../support/fault-collector.js';
import { unaccounted } from '../support/tracing-app.js';
import { callsIn, expectNoOrphans, summariesOf, toldOf } from './support/accounts.js';
import { Many, NAMES, Steps, StepsController } from './support/steps.js';

const HOT_CALLS = 20_000;

let app: HttpApp;
let collector: FaultCollector | undefined;
afterEach(async () => {
  await app.close();
  await collector?.close();
  collector = undefined;
});

async function start(platform: Platform, tracing: TracingModuleOptions): Promise<void> {
  app = await HttpApp.start(platform, {
    controllers: [StepsController],
    module: { providers: [Steps, Many] },
    tracing: { http: { outgoing: false }, autoTrace: true, ...tracing },
  });
}

async function get(path: string): Promise<string> {
  const response = await fetch(`${app.url}/${path}`);
  return response.text();
}

const stats = () => app.app.get(TracingService).stats().spans;
const ALL = String((NAMES * (NAMES - 1)) / 2);
/** The request's span and the handler's. */
const AROUND = 2;

describe.each(PLATFORMS)('a budget for the spans of automatic methods, on %s', (platform) => {
  it('AU17 of many names under one root there are as many spans as it says', async () => {
    await start(platform, { spanBudget: { perTrace: 10 } });
    expect(await get('names')).toBe(ALL);
    const root = await app.spans.one('GET /names');
    expect(app.spans.finished).toHaveLength(10);
    expect(toldOf(app, root)).toEqual({ dropped: NAMES + AROUND - 10, collapsed: 0 });
    expectNoOrphans(app, root);
  });

  it('AU17 of nested ones too, and none hangs on a span that is not there', async () => {
    await start(platform, { spanBudget: { perTrace: 11 } });
    expect(await get('nested')).toBe(ALL);
    const root = await app.spans.one('GET /nested');
    expect(app.spans.finished).toHaveLength(11);
    expect(app.spans.named('Many.outer4')).toHaveLength(1);
    expect(app.spans.named('Many.inner4')).toEqual([]);
    expect(toldOf(app, root)).toEqual({ dropped: 2 * NAMES + AROUND - 11, collapsed: 0 });
    expectNoOrphans(app, root);
    await app.spans.noneOpen();
  });

  it('AU18 calls that are collapsed are not dropped, and the span of all is there', async () => {
    await start(platform, { spanBudget: { perTrace: 10 } });
    expect(await get('same')).toBe(ALL);
    const root = await app.spans.one('GET /same');
    expect(toldOf(app, root)).toEqual({ dropped: 20 + AROUND - 10, collapsed: NAMES - 20 });
    expect(app.spans.finished).toHaveLength(10 + 1);
    expect(callsIn(summariesOf(app))).toBe(NAMES - 20);
  });

  it('AU17 AU18 of concurrent ones that settle later, and what they call', async () => {
    await start(platform, { spanBudget: { perTrace: 10 } });
    expect(await get('later')).toBe(ALL);
    const root = await app.spans.one('GET /later');
    const own = app.spans.finished.length - summariesOf(app).length;
    expect(own).toBe(10);
    const told = toldOf(app, root);
    expect(told.dropped + told.collapsed + own).toBe(2 * NAMES + AROUND);
    expect(callsIn(summariesOf(app))).toBe(told.collapsed);
    expectNoOrphans(app, root);
  });

  it('AU17 spans of all calls are bounded by the hard limit, and the numbers stay exact', async () => {
    await start(platform, { spanBudget: { perTrace: 5, hardLimit: 8, collapseAfter: 1 } });
    await get(`hot-names/${HOT_CALLS}`);
    const root = await app.spans.one('GET /hot-names/:calls');
    expect(app.spans.finished).toHaveLength(8);
    expect(summariesOf(app)).toHaveLength(3);
    const [own, lost] = [5 - AROUND, NAMES - 3];
    expect(toldOf(app, root)).toEqual({
      dropped: NAMES - own + lost,
      collapsed: HOT_CALLS - NAMES,
    });
  });

  it('AU20 counts nothing of what is sampled out', async () => {
    await start(platform, { spanBudget: { perTrace: 5 }, sampler: { ratio: 0 } });
    expect(await get('same')).toBe(ALL);
    expect(stats()).toMatchObject({ started: 0, collapsed: 0, dropped: { budget: 0 } });
  });

  it.each([
    { path: 'hot', own: 20, together: 1 },
    // The default budget has room for so many of them.
    { path: 'hot-names', own: 1000 - AROUND, together: NAMES },
  ])('AU17 sends no more of a hot loop, in exact numbers: $path', async (expected) => {
    const { path, own, together } = expected;
    collector = await FaultCollector.start();
    await start(platform, { exporter: 'otlp-grpc', endpoint: collector.url });
    expect(await get(`${path}/${HOT_CALLS}`)).toBe(String(HOT_CALLS / 2));
    const root = await app.spans.one(`GET /${path}/:calls`);
    await app.app.get(TracingService).flush();
    const sent = AROUND + own + together;
    const collapsed = HOT_CALLS - 20 * together;
    expect(toldOf(app, root)).toEqual({ dropped: HOT_CALLS - own - collapsed, collapsed });
    expect(callsIn(summariesOf(app))).toBe(collapsed);
    expect(stats()).toMatchObject({ exported: sent, rejected: 0, queued: 0 });
    expect(unaccounted(stats())).toBe(0);
    expect(collector.received).toBe(sent);
  });
});
