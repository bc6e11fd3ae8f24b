import { trace } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { NoopSpanProcessor } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { SpanEncoder } from '../../libs/tracing/src/export/encoder/span-encoder.js';
import { decode } from '../export/encoder-reference.js';
import { TracingApp } from '../support/tracing-app.js';

let app: TracingApp;
afterEach(() => app.close());

/** Ways in which exporters and processors hide what a span holds without changing the span. */
const views: Record<string, (span: ReadableSpan) => ReadableSpan> = {
  'Object.create': (span) =>
    Object.create(span, { attributes: { value: { card: 'hidden' } } }) as ReadableSpan,
  'a Proxy': (span) =>
    new Proxy(span, {
      get: (target, key, receiver) =>
        key === 'attributes' ? { card: 'hidden' } : Reflect.get(target, key, receiver),
    }),
};

class Keeper extends NoopSpanProcessor implements SpanProcessor {
  span: ReadableSpan | undefined;

  override onEnd(span: ReadableSpan): void {
    this.span = span;
  }
}

describe.each(Object.entries(views))('a span behind %s', (_, view) => {
  it('X3 is read as the span itself, but for what is hidden', async () => {
    const keeper = new Keeper();
    app = await TracingApp.start({ exporter: 'none', sdk: { spanProcessors: [keeper] } });
    const span = trace.getTracer('test').startSpan('pay', { attributes: { card: '4242' } });
    span.addEvent('charged').end();
    const kept = keeper.span as ReadableSpan;
    const hidden = view(kept);
    expect(hidden.spanContext()).toEqual(kept.spanContext());
    expect([hidden.startTime, hidden.endTime, hidden.duration]).toEqual([
      kept.startTime,
      kept.endTime,
      kept.duration,
    ]);
    expect([hidden.events, hidden.links, hidden.status, hidden.ended]).toEqual([
      kept.events,
      kept.links,
      kept.status,
      true,
    ]);
    const sent = decode('trace.v1.Span', new SpanEncoder().encode(hidden)) as object;
    expect(JSON.stringify(sent)).not.toContain('4242');
    expect(sent).toMatchObject({
      name: 'pay',
      attributes: [{ key: 'card', value: { stringValue: 'hidden' } }],
      events: [{ name: 'charged' }],
    });
  });
});
