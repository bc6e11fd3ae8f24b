import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setEnvironment } from '../support/environment.js';
import { OtlpCollector } from '../support/otlp-collector.js';
import { TracingApp } from '../support/tracing-app.js';

let collector: OtlpCollector;
let app: TracingApp | undefined;
let restore = (): void => undefined;
const printed: string[] = [];

beforeEach(async () => {
  collector = await OtlpCollector.start();
  vi.spyOn(console, 'dir').mockImplementation((span: { name?: string }) => {
    printed.push(span.name ?? '');
  });
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  restore();
  restore = () => undefined;
  await collector.close();
  vi.restoreAllMocks();
  printed.length = 0;
});

/** Starts an application whose environment is set from outside, and ends ten spans. */
async function trace(
  variables: Readonly<Record<string, string>>,
  url = collector.url,
): Promise<TracingApp> {
  restore = setEnvironment({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url, ...variables });
  app = await TracingApp.start({});
  app.end(10);
  await app.tracing.flush();
  await sleep(50);
  return app;
}

describe('OTEL_TRACES_EXPORTER', () => {
  for (const list of ['otlp,console', 'console,otlp', ' Console , OTLP ,otlp']) {
    it(`sends every span to each exporter of the list: ${list}`, async () => {
      const { problems, stats } = await trace({ OTEL_TRACES_EXPORTER: list });
      expect(collector.spans).toHaveLength(10);
      expect(printed).toEqual(Array<string>(10).fill('span'));
      expect(problems).toEqual([]);
      expect(stats).toMatchObject({ ended: 10, exported: 10, queued: 0 });
    });
  }

  it('prints what ends while the collector is away, and says once that it is away', async () => {
    await collector.close();
    const { stats } = await trace({ OTEL_TRACES_EXPORTER: 'otlp,console' });
    expect(printed).toHaveLength(10);
    expect(stats).toMatchObject({ exported: 0, queued: 10 });
    collector = await OtlpCollector.start();
  });

  it('names what it does not know and uses the rest', async () => {
    const { problems } = await trace({ OTEL_TRACES_EXPORTER: 'zipkin,otlp' });
    expect(collector.spans).toHaveLength(10);
    expect(printed).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/^warn: OTEL_TRACES_EXPORTER: "zipkin" is not supported and left out/),
    ]);
  });

  it('has to hold "none" alone', async () => {
    const { problems } = await trace({ OTEL_TRACES_EXPORTER: 'otlp,none' });
    expect(collector.spans).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/^error: .*OTEL_TRACES_EXPORTER: "none" stands beside other exporters/),
    ]);
  });

  it('is an error where nothing in it can be used', async () => {
    const { problems } = await trace({ OTEL_TRACES_EXPORTER: 'zipkin,jaeger' });
    expect(problems).toEqual([expect.stringMatching(/"zipkin", "jaeger" is not supported: write/)]);
  });

  it('has nothing to say where the option names the exporter', async () => {
    restore = setEnvironment({ OTEL_TRACES_EXPORTER: 'zipkin' });
    app = await TracingApp.start({ exporter: 'console' });
    app.end(1);
    await app.tracing.flush();
    expect(printed).toEqual(['span']);
    expect(app.problems).toEqual([]);
  });
});

describe('OTEL_EXPORTER_OTLP_PROTOCOL', () => {
  for (const name of ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL']) {
    it(`${name}=http/json goes out as http/protobuf, and a line says so`, async () => {
      const { problems } = await trace({ [name]: 'http/json' }, collector.httpUrl);
      expect(collector.spans).toHaveLength(10);
      expect(problems).toEqual([
        expect.stringMatching(
          new RegExp(`^warn: ${name}: "http/json" is not supported; http/protobuf is used`),
        ),
      ]);
    });
  }

  it('is read without regard to case, as other variables that name something are', async () => {
    await trace({ OTEL_EXPORTER_OTLP_PROTOCOL: 'HTTP/Protobuf' }, collector.httpUrl);
    expect(collector.spans).toHaveLength(10);
    await app?.close();
    restore();
    const { problems } = await trace({ OTEL_EXPORTER_OTLP_COMPRESSION: 'GZIP' });
    expect(collector.spans).toHaveLength(20);
    expect(problems).toEqual([]);
  });
});

it('a resource attribute that is percent-encoded names the service as it is meant', async () => {
  await trace({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=web%20shop' });
  expect(collector.spans[0]?.service).toBe('web shop');
});
