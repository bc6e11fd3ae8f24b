import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultCollector } from '../support/fault-collector.js';
import type { WireSpan } from '../support/otlp-wire.js';
import { decodeSpans } from '../support/otlp-wire.js';
import { TracingApp, unaccounted } from '../support/tracing-app.js';

/** What one span may take on the wire. */
const MAX_BYTES = 64 * 1024;
const TRUNCATED = 'nestjs-tracing.truncated';

let app: TracingApp;
let collector: FaultCollector;

beforeEach(async () => {
  collector = await FaultCollector.start();
  app = await TracingApp.start({ endpoint: collector.url, reportDrops: false });
});

afterEach(async () => {
  await app.close();
  await collector.close();
});

async function arrived(name: string): Promise<WireSpan> {
  await app.tracing.flush();
  expect(app.stats.dropped).toMatchObject({ too_large: 0, export_failed: 0 });
  expect(unaccounted(app.stats)).toBe(0);
  const spans = collector.requests.flatMap(({ body }) => decodeSpans(body));
  const found = spans.find((span) => span.name.startsWith(name));
  expect(found).toBeDefined();
  return found as WireSpan;
}

function fail(error: unknown): void {
  expect(() => app.tracing.span('failing', () => { throw error; })).toThrow(); // prettier-ignore
}

function end(name: string, fill: (span: Span) => void): void {
  const span = trace.getTracer('test').startSpan(name);
  fill(span);
  span.end();
}

const textOf = (span: WireSpan, key: string): string =>
  span.attributes.find((attribute) => attribute.key === key)?.value.stringValue ?? '';

const truncatedParts = (span: WireSpan): string[] =>
  (span.attributes.find(({ key }) => key === TRUNCATED)?.value.arrayValue?.values ?? []).map(
    ({ stringValue }) => stringValue ?? '',
  );

describe('a span that is too large is shortened, not lost', () => {
  it('12.4 whose error has a message of 70 KB', async () => {
    fail(new Error('m'.repeat(70_000)));
    const span = await arrived('failing');
    expect(span.status?.code).toBe(2);
    expect(span.status?.message).toMatch(/^m{1000,}…$/);
    expect(span.events).toHaveLength(1);
    expect(truncatedParts(span)).toContain('status');
  });

  it('12.4 that failed with a thrown string', async () => {
    expect(() => app.tracing.span('failing', () => { throw 's'.repeat(100_000); })).toThrow(/^s+$/); // prettier-ignore
    const span = await arrived('failing');
    expect(span.status).toMatchObject({
      code: 2,
      message: expect.stringMatching(/^s{1000,}…$/) as string,
    });
  });

  it('12.4 that failed with an AggregateError of sixteen long ones', async () => {
    const errors = Array.from({ length: 16 }, (_, n) => new Error(`${n} ${'x'.repeat(10_000)}`));
    fail(new AggregateError(errors, 'all of them'));
    const span = await arrived('failing');
    expect(span.status).toMatchObject({ code: 2, message: 'all of them' });
    expect(span.events).toHaveLength(17);
    expect(truncatedParts(span)).toContain('events');
  });

  it('12.4 of a group whose forty tasks fail with messages of 4 KB', async () => {
    const failures = app.tracing.map('failing', Array.from({ length: 40 }).keys(), { onError: 'continue' }, (n) => { throw new Error(`${n} ${'x'.repeat(4096)}`); }); // prettier-ignore
    await expect(failures).rejects.toThrow(/^0 x/);
    const span = await arrived('failing');
    expect(span.status?.code).toBe(2);
    expect(span.events?.length).toBeGreaterThan(0);
  });

  it('12.4 with a status message, an event name and a name that are long', async () => {
    end('long '.repeat(20_000), (span) => {
      span.addEvent('e'.repeat(60_000));
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'w'.repeat(60_000) });
    });
    const span = await arrived('long ');
    expect(span.name).toMatch(/^(long ){100,}.*…$/);
    expect(span.events?.[0]?.name).toMatch(/^e{100,}…$/);
    expect(span.status?.message).toMatch(/^w{100,}…$/);
    expect(truncatedParts(span)).toEqual(expect.arrayContaining(['name', 'events', 'status']));
  });

  it('12.4 with twenty attributes of 4 KB, of which every key stays', async () => {
    end('wide', (span) => {
      for (let n = 0; n < 20; n += 1) span.setAttribute(`key.${n}`, 'v'.repeat(4096));
    });
    const span = await arrived('wide');
    for (let n = 0; n < 20; n += 1) expect(textOf(span, `key.${n}`)).toMatch(/^v{100,}…$/);
    expect(truncatedParts(span)).toEqual(['attributes']);
  });

  it('12.4 with an array of 128 elements of 4 KB', async () => {
    end('array', (span) => span.setAttribute('list', Array<string>(128).fill('v'.repeat(4096))));
    const span = await arrived('array');
    const list = span.attributes.find(({ key }) => key === 'list')?.value.arrayValue?.values ?? [];
    expect(list.length).toBeGreaterThan(0);
    expect(list[0]?.stringValue).toMatch(/^v{100,}/);
  });

  it('12.4 with more events and links than can be kept: the first stay, the others are counted', async () => {
    const context = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
    end('crowded', (span) => {
      for (let n = 0; n < 128; n += 1) span.addEvent(`${n}`, wideAttributes());
      for (let n = 0; n < 128; n += 1) span.addLink({ context, attributes: wideAttributes() });
    });
    const span = await arrived('crowded');
    expect(span.events?.[0]?.name).toBe('0');
    expect((span.events?.length ?? 0) + (span.droppedEventsCount ?? 0)).toBe(128);
    expect((span.links?.length ?? 0) + (span.droppedLinksCount ?? 0)).toBe(128);
  });

  it.each<[string, (span: Span, attributes: Attributes) => void]>([
    ['attribute', (span, attributes) => span.setAttributes(attributes)],
    ['event', (span, attributes) => span.addEvent('event', attributes)],
    ['link', (span, attributes) => span.addLink({ context: span.spanContext(), attributes })],
  ])('12.4 without the %s whose key alone is too long', async (part, fill) => {
    end('odd', (span) => fill(span, { ['k'.repeat(MAX_BYTES)]: 1 }));
    const span = await arrived('odd');
    expect(truncatedParts(span)).toContain(`${part}s`);
    const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
    const dropped = [droppedAttributesCount, droppedEventsCount, droppedLinksCount];
    expect(dropped.filter(Boolean)).toEqual([1]);
  });

  it('12.4 is still lost, and counted, if nothing is left to cut', async () => {
    app.endTooLarge('a state without end');
    await app.tracing.flush();
    expect(app.stats.dropped.too_large).toBe(1);
    expect(unaccounted(app.stats)).toBe(0);
  });
});

function wideAttributes(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key.${n}`, 'v'.repeat(200)]));
}
