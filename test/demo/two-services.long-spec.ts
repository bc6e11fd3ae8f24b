import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemoProcess } from '../support/demo-process.js';
import { startPglite, type EmbeddedPostgres } from '../support/pglite.js';
import { OtlpCollector, type CollectedSpan } from '../support/otlp-collector.js';

describe('the demo of two services, over the wire to a collector that is not ours', () => {
  let collector: OtlpCollector;
  let postgres: EmbeddedPostgres;
  let answer: unknown;
  let lines: DemoProcess['logs'];

  beforeAll(async () => {
    collector = await OtlpCollector.start();
    postgres = await startPglite();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const pricing = DemoProcess.service('pricing/main.js', env);
    const lookup = DemoProcess.service('main.js', {
      ...env,
      DATABASE_URL: postgres.url,
      PRICING_URL: await pricing.url(),
    });
    answer = await (await fetch(`${await lookup.url()}/quotes/user:42`)).json();
    await Promise.all([lookup.end('SIGTERM'), pricing.end('SIGTERM')]);
    lines = [...lookup.logs, ...pricing.logs];
  });
  afterAll(async () => {
    await postgres.stop();
    await collector.close();
  });

  const one = (name: string): CollectedSpan => {
    const found = collector.named(name);
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  /** The way from a span down, where each has one child. */
  const way = (span: CollectedSpan): unknown[] => [
    [span.service, span.kind, span.name],
    ...collector.childrenOf(span).flatMap(way),
  ];

  it('answers with the price less the discount', () => {
    expect(answer).toEqual({ key: 'user:42', cents: 693 });
  });

  it.each([
    ['fetch', 'ask for price', 'GET /prices/:key', 'find price'],
    ['axios', 'ask for discount', 'GET /discounts/:key', 'find discount'],
  ])('goes on in the other service through %s', (_client, task, route, work) => {
    expect(way(one(task))).toEqual([
      ['lookup-demo', 'SPAN_KIND_INTERNAL', task],
      ['lookup-demo', 'SPAN_KIND_CLIENT', 'GET'],
      ['pricing-demo', 'SPAN_KIND_SERVER', route],
      ['pricing-demo', 'SPAN_KIND_INTERNAL', work],
    ]);
  });

  it('is one trace, whose only root is the request to the first', () => {
    const { traceId } = one('quote');
    const spans = collector.spans.filter((span) => span.traceId === traceId);
    expect(spans).toHaveLength(10);
    const roots = spans.filter(({ parentSpanId }) => (parentSpanId ?? '') === '');
    expect(roots.map(({ name, service }) => [service, name])).toEqual([
      ['lookup-demo', 'GET /quotes/:key'],
    ]);
  });

  it('joins the log lines of both services to their spans', () => {
    for (const msg of ['price found', 'discount found']) {
      const [line] = lines.filter((each) => each.msg === msg);
      const span = one(msg === 'price found' ? 'find price' : 'find discount');
      expect([line?.trace_id, line?.span_id]).toEqual([span.traceId, span.spanId]);
    }
    expect(lines.filter(({ msg }) => msg === 'request completed')).toHaveLength(3);
  });
});
