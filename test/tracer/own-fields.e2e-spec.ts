import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import {
  BatchSpanProcessor,
  NoopSpanProcessor,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SpanEncoder } from '../../libs/tracing/src/export/encoder/span-encoder.js';
import { decode } from '../export/encoder-reference.js';
import { TracingApp } from '../support/tracing-app.js';

let app: TracingApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** Makes a copy of each span, as exporters do that send on another one. */
class CopyingExporter implements SpanExporter {
  readonly spans: ReadableSpan[] = [];
  readonly copies: Record<string, unknown>[] = [];

  export(spans: ReadableSpan[], done: (result: { code: number }) => void): void {
    this.spans.push(...spans);
    this.copies.push(...spans.map((span) => ({ ...span })));
    done({ code: 0 });
  }

  async shutdown(): Promise<void> {}
}

/** The fields that a copy of the SDK's span has, without those that are its own business. */
function fieldsOfStock(): string[] {
  const exporter = new CopyingExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const provider = new TracerProvider({ resource: emptyResource(), spanProcessors });
  provider.getTracer('test').startSpan('span').end();
  return Object.keys(exporter.copies[0] ?? {}).filter((field) => !field.startsWith('_'));
}

const ways: Record<string, (exporter: SpanExporter) => TracingModuleOptions> = {
  'as the option': (exporter) => ({ exporter }),
  'behind a BatchSpanProcessor': (exporter) => ({
    exporter: 'none',
    sdk: { spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 10 })] },
  }),
  'behind a SimpleSpanProcessor': (exporter) => ({
    exporter: 'none',
    sdk: { spanProcessors: [new SimpleSpanProcessor({ exporter })] },
  }),
};

describe.each(Object.entries(ways))('an exporter of the application, %s', (_, options) => {
  it('X3 copies a span with { ...span } as it copies the SDK’s', async () => {
    const exporter = new CopyingExporter();
    app = await TracingApp.start(options(exporter));
    const tracer = trace.getTracer('test', '1.0.0');
    const parent = tracer.startSpan('parent');
    const span = tracer.startSpan(
      'span',
      { attributes: { a: 1 }, links: [{ context: parent.spanContext() }] },
      trace.setSpan(ROOT_CONTEXT, parent),
    );
    span.addEvent('event').setStatus({ code: 2, message: 'no' }).end();
    parent.end();
    await app.tracing.flush();
    await vi.waitFor(() => expect(exporter.spans).toHaveLength(2));

    const fields = fieldsOfStock();
    expect(fields).toContain('parentSpanContext');
    expect(exporter.copies.map(({ name }) => name)).toEqual(['span', 'parent']);
    for (const [at, copy] of exporter.copies.entries()) {
      const read = exporter.spans[at] as unknown as Record<string, unknown>;
      expect(Object.keys(copy)).toEqual(expect.arrayContaining(fields));
      for (const field of fields) expect(copy[field]).toBe(read[field]);
    }
    expect(exporter.copies[0]).toMatchObject({ attributes: { a: 1 }, status: { code: 2 } });
  });
});

it('X3 a processor behind it still changes what others are told', async () => {
  const redacting = Object.assign(new NoopSpanProcessor(), {
    onEnd: (span: ReadableSpan) => void Object.assign(span, { attributes: { card: 'hidden' } }),
  });
  const exporter = new CopyingExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter }), redacting];
  app = await TracingApp.start({ exporter: 'none', sdk: { spanProcessors } });
  trace
    .getTracer('test')
    .startSpan('pay', { attributes: { card: '4242' } })
    .end();
  await vi.waitFor(() => expect(exporter.spans).toHaveLength(1));
  const [span] = exporter.spans as [ReadableSpan];
  const sent = decode('trace.v1.Span', new SpanEncoder().encode(span));
  expect(sent).toMatchObject({ attributes: [{ key: 'card', value: { stringValue: 'hidden' } }] });
});

it('X3 a span that a processor froze arrives as it is', async () => {
  const freezing = Object.assign(new NoopSpanProcessor(), { onEnd: Object.freeze });
  const exporter = new CopyingExporter();
  app = await TracingApp.start({ exporter, sdk: { spanProcessors: [freezing] } });
  trace.getTracer('test').startSpan('pay').end();
  await app.tracing.flush();
  expect(exporter.spans.map(({ name }) => name)).toEqual(['pay']);
});
