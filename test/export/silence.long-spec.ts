import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setEnvironment } from '../support/environment.js';
import { FaultCollector } from '../support/fault-collector.js';
import { TracingApp } from '../support/tracing-app.js';

let app: TracingApp;
let collector: FaultCollector;
let restore: () => void;
const batch = { scheduleDelayMillis: 20 };

beforeEach(() => {
  restore = setEnvironment({ OTEL_SERVICE_NAME: 'shop' });
});
afterEach(async () => {
  restore();
  await app.close();
  await collector.close();
});

/** Waits for a line, not for ever. */
async function line(pattern: RegExp): Promise<string | undefined> {
  for (let look = 0; look < 500; look += 1) {
    const found = app.lines.find((candidate) => pattern.test(candidate));
    if (found !== undefined) return found;
    await sleep(20);
  }
  return undefined;
}

describe.each(['grpc', 'http'] as const)('a log of an export over %s', (protocol) => {
  const exporter = `otlp-${protocol}` as const;

  it('E11 says where spans go, once that none gets there and why, and once that they do again', async () => {
    collector = await FaultCollector.start({ protocol });
    await collector.close();
    app = await TracingApp.start({ exporter, endpoint: collector.url, batch });
    expect(app.lines).toEqual([`log: shop → ${protocol} ${collector.url}`]);
    app.end(5);
    const warning = await line(/^warn/);
    expect(warning).toContain(`No span gets to the collector at ${collector.url}`);
    expect(warning).toMatch(/ECONNREFUSED.*nothing listens there: start a collector/);
    await sleep(1500);
    app.end(5);
    await collector.listen();
    expect(await line(/takes spans again/)).toContain(collector.url);
    await collector.waitFor(10);
    expect(app.lines).toHaveLength(3);
  });

  it('E11 does not blame the queue where nothing leaves it', async () => {
    collector = await FaultCollector.start({ protocol });
    await collector.close();
    const small = { ...batch, maxQueueSize: 20, maxExportBatchSize: 10 };
    app = await TracingApp.start({ exporter, endpoint: collector.url, batch: small });
    app.end(1);
    await line(/^warn/);
    app.end(50);
    const [loss] = app.lines.filter((said) => said.includes('lost'));
    expect(loss).toMatch(/the collector is away \(.*ECONNREFUSED\), and the queue is full/);
  });

  it('E11 names the other protocol where it is spoken there', async () => {
    collector = await FaultCollector.start({ protocol: protocol === 'grpc' ? 'http' : 'grpc' });
    const endpoint = new URL(collector.url).origin;
    app = await TracingApp.start({ exporter, endpoint, batch });
    app.end(5);
    const other = protocol === 'grpc' ? 'otlp-http' : 'otlp-grpc';
    expect(await line(/^warn: No span gets/)).toContain(`set the option exporter to '${other}'`);
  });

  it('E11 says of flushes without a collector that they fail, and not each time', async () => {
    collector = await FaultCollector.start({ protocol });
    await collector.close();
    app = await TracingApp.start({ exporter, endpoint: collector.url, batch });
    for (let flush = 0; flush < 10; flush += 1) {
      app.end(1);
      await app.tracing.flush(50);
    }
    expect(app.lines.filter((said) => said.includes('Could not flush'))).toHaveLength(1);
  });
});

it('E11 a collector without OTLP at the path is named with it', async () => {
  collector = await FaultCollector.start({ protocol: 'http' });
  collector.answer = () => ({ code: 404 });
  const endpoint = `${new URL(collector.url).origin}/traces`;
  app = await TracingApp.start({ exporter: 'otlp-http', endpoint, batch });
  app.end(5);
  expect(await line(/^warn: 5 spans lost/)).toMatch(
    /HTTP 404, at http:\S+\/traces; .*\/v1\/traces/,
  );
});

it('E11 an origin gets the path of traces over HTTP', async () => {
  collector = await FaultCollector.start({ protocol: 'http' });
  const endpoint = new URL(collector.url).origin;
  app = await TracingApp.start({ exporter: 'otlp-http', endpoint });
  app.end(5);
  await app.tracing.flush();
  expect(app.lines).toEqual([`log: shop → http ${endpoint}/v1/traces`]);
  expect(collector.received).toBe(5);
});

it.each([
  [{ endpoint: 'http://localhost:4318' }, {}, 'http http://localhost:4318/v1/traces'],
  [{ endpoint: 'http://localhost:4317' }, {}, 'grpc http://localhost:4317'],
  [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:4318' }, 'http http://x:4318/v1/traces'],
  [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:4317' }, 'grpc http://x:4317'],
  [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    'grpc http://x:4318',
  ],
  [{ exporter: 'otlp-grpc' as const, endpoint: 'http://x:4318' }, {}, 'grpc http://x:4318'],
])(
  'E11 a well-known port names the protocol where nothing else does: %j %j',
  async (options, env, way) => {
    collector = await FaultCollector.start();
    const back = setEnvironment(env);
    app = await TracingApp.start(options);
    back();
    expect(app.lines).toEqual([`log: shop → ${way}`]);
  },
);
