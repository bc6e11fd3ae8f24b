import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemoProcess } from '../support/demo-process.js';
import { OtlpCollector, type CollectedSpan } from '../support/otlp-collector.js';

const LISTENING = /listening on ([^"]+)/;

describe('the demo of two services, over the wire to a collector that is not ours', () => {
  let collector: OtlpCollector;
  let answer: unknown;
  let lines: DemoProcess['logs'];

  beforeAll(async () => {
    collector = await OtlpCollector.start();
    const env = { PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const pricing = new DemoProcess('pricing/main.js', [], env);
    const [, PRICING_URL = ''] = await pricing.line(LISTENING);
    const lookup = new DemoProcess('main.js', [], { ...env, PRICING_URL });
    const [, url = ''] = await lookup.line(LISTENING);
    answer = await (await fetch(`${url}/quotes/user:42`)).json();
    await Promise.all([lookup.end('SIGTERM'), pricing.end('SIGTERM')]);
    lines = [...lookup.logs, ...pricing.logs];
  });
  afterAll(() => collector.close());

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

describe('npm start that is killed', () => {
  it('leaves no process behind', async () => {
    const start = new DemoProcess('start.js');
    await start.line(/Ctrl-C stops everything/);
    const family = descendantsOf(start.pid);
    expect(family.length).toBeGreaterThanOrEqual(4);
    await start.end('SIGKILL');
    await expect.poll(() => family.filter(isAlive), { timeout: 15_000 }).toEqual([]);
  });
});

/** The processes that a process has started, and those that they have, as Linux tells them. */
function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const pids = children.split(' ').filter(Boolean).map(Number);
  return [...pids, ...pids.flatMap(descendantsOf)];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
