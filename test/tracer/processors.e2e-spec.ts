import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import { emptyResource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { AlwaysOnSampler, NoopSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { LeanTracerProvider } from '../../libs/tracing/src/tracer/lean-tracer-provider.js';

class Kept extends NoopSpanProcessor {
  readonly spans: ReadableSpan[] = [];

  override onEnd(span: ReadableSpan): void {
    this.spans.push(span);
  }
}

type Run = (tracer: Tracer, spans: readonly ReadableSpan[]) => unknown;

/** Expects the same of our tracer as of the SDK's, with a processor before the one that keeps spans. */
function expectSame(processor: () => Partial<SpanProcessor>, run: Run): unknown {
  const [sdk, ours] = [TracerProvider, LeanTracerProvider].map((Provider) => {
    const kept = new Kept();
    const first = Object.assign(new NoopSpanProcessor(), processor());
    const spanProcessors = [first, kept];
    const sampler = new AlwaysOnSampler();
    const provider = new Provider({ resource: emptyResource(), sampler, spanProcessors });
    return run(provider.getTracer('test'), kept.spans);
  });
  expect(ours).toEqual(sdk);
  return ours;
}

function writable(span: ReadableSpan | Span): Record<string, unknown> {
  return span as unknown as Record<string, unknown>;
}

describe('span processors', () => {
  it('see in onEnding when the span ends and how long it took', () => {
    let seen: unknown[] = [];
    const onEnding = ({ endTime, duration, ended }: Span): void => {
      seen = [endTime[0] > 0, duration[0] >= 0, ended];
    };
    const same = expectSame(
      () => ({ onEnding }),
      (tracer) => {
        tracer.startSpan('a').end();
        return seen;
      },
    );
    expect(same).toEqual([true, true, false]);
  });

  it('change the status object of one span and of no other', () => {
    const onEnd = (span: ReadableSpan): void => {
      if (span.name === 'a') span.status.code = SpanStatusCode.ERROR;
    };
    const same = expectSame(
      () => ({ onEnd }),
      (tracer, spans) => {
        tracer.startSpan('a').end();
        tracer.startSpan('b').end();
        return spans.map(({ status }) => status.code);
      },
    );
    expect(same).toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET]);
  });

  it.each<[string, unknown]>([
    ['attributes', { kept: 1 }],
    ['events', []],
    ['links', []],
    ['status', { code: SpanStatusCode.OK }],
    ['name', 'other'],
    ['startTime', [5, 5]],
    ['endTime', [9, 9]],
    ['resource', resourceFromAttributes({ kept: 1 })],
    ['instrumentationScope', { name: 'other' }],
    ['parentSpanContext', undefined],
  ])('set %s of a span that has ended', (field, value) => {
    const onEnd = (span: ReadableSpan): void => void (writable(span)[field] = value);
    const same = expectSame(
      () => ({ onEnd }),
      (tracer, spans) => {
        const parent = trace.setSpan(ROOT_CONTEXT, tracer.startSpan('parent'));
        const span = tracer.startSpan('a', { attributes: { secret: 1 } }, parent);
        span.addEvent('event').addLink({ context: span.spanContext() }).end();
        return writable(spans[0] as ReadableSpan)[field];
      },
    );
    expect(same).toEqual(value);
  });

  it('put other attributes in place of those that a span starts with', () => {
    const onStart = (span: Span): void => void (writable(span)['attributes'] = { kept: 1 });
    const same = expectSame(
      () => ({ onStart }),
      (tracer, spans) => {
        tracer
          .startSpan('a', { attributes: { secret: 1 } })
          .setAttribute('later', 2)
          .end();
        return spans[0]?.attributes;
      },
    );
    expect(same).toEqual({ kept: 1, later: 2 });
  });
});
