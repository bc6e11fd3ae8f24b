import { afterEach, describe, expect, it } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from '../http/support/http-app.js';
import { FaultCollector } from '../support/fault-collector.js';
import { unaccounted } from '../support/tracing-app.js';
import { callsIn, summariesOf, toldOf } from './support/accounts.js';
import { Many, NAMES, Steps, StepsController } from './support/steps.js';

const CALLS = 1_000_000;
/** The request's span and the handler's. */
const AROUND = 2;
/** The default of `spanBudget.perTrace`. */
const BUDGET = 1000;

let app: HttpApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

/** How many of the calls have a span, how many share one with how many others, and how many have none. */
const LOOPS = [
  { path: 'hot', calls: CALLS, own: 20, names: 1 },
  // Each calls one more: 20 times under a span of its own, then under the handler's as all others.
  { path: 'hot-later', calls: 2 * CALLS, own: 20 + 20 + 20, names: 2 },
  { path: 'hot-names', calls: CALLS, own: BUDGET - AROUND, names: NAMES },
];

describe.each(PLATFORMS)('a million automatic calls in one request, on %s', (platform) => {
  it.each(LOOPS)(
    'AU17 sends its budget, and has exact numbers: $path',
    async ({ path, calls, own, names }) => {
      collector = await FaultCollector.start();
      app = await HttpApp.start(platform, {
        controllers: [StepsController],
        module: { providers: [Steps, Many] },
        tracing: {
          autoTrace: true,
          exporter: 'otlp-grpc',
          endpoint: collector.url,
          http: { outgoing: false },
        },
      });
      const response = await fetch(`${app.url}/${path}/${CALLS}`);
      expect(await response.text()).toBe(String(CALLS / 2));
      const root = await app.spans.one(`GET /${path}/:calls`);
      const tracing = app.app.get(TracingService);
      await tracing.flush();
      const { spans } = tracing.stats();
      const { dropped, collapsed } = toldOf(app, root);
      expect(dropped).toBe(calls - own - collapsed);
      expect(summariesOf(app)).toHaveLength(names);
      expect(callsIn(summariesOf(app))).toBe(collapsed);
      expect(app.spans.finished).toHaveLength(AROUND + own + names);
      expect(collector.received).toBe(AROUND + own + names);
      expect(unaccounted(spans)).toBe(0);
    },
  );
});
