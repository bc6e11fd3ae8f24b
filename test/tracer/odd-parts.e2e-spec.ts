import { ROOT_CONTEXT, SamplingDecision, trace } from '@opentelemetry/api';
import type { Link } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanLimits } from '@opentelemetry/sdk-trace';
import { AlwaysOnSampler, NoopSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { LeanTracerProvider } from '../../libs/tracing/src/tracer/lean-tracer-provider.js';

const HEX = /^[\da-f]+$/;
const resource = emptyResource();
const sampler = new AlwaysOnSampler();
const spanProcessors = [new NoopSpanProcessor()];

function tracerOf(parts: Partial<ConstructorParameters<typeof LeanTracerProvider>[0]>) {
  const provider = new LeanTracerProvider({ resource, sampler, spanProcessors, ...parts });
  return provider.getTracer('test');
}

describe('samplers, id generators, limits and processors that do odd things', () => {
  it('gives a span its own list of links, whatever a sampler does to it', () => {
    const seen: number[] = [];
    const adding = {
      shouldSample(...args: [...unknown[], Link[]]) {
        const links = args.at(-1) as Link[];
        seen.push(links.length);
        links.push({ context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 } });
        return { decision: SamplingDecision.RECORD_AND_SAMPLED };
      },
    };
    const tracer = tracerOf({ sampler: adding });
    const spans = [tracer.startSpan('a'), tracer.startSpan('b')];
    expect(seen).toEqual([0, 0]);
    expect(spans.map((span) => (span as unknown as ReadableSpan).links.length)).toEqual([1, 1]);
  });

  it.each(['', 'rubbish', '0'.repeat(32)])('takes no parent with the id "%s"', (id) => {
    const idGenerator = { generateTraceId: () => id, generateSpanId: () => id.slice(0, 16) };
    const tracer = tracerOf({ idGenerator });
    const parent = trace.setSpan(ROOT_CONTEXT, tracer.startSpan('parent'));
    const child = tracer.startSpan('child', {}, parent) as unknown as ReadableSpan;
    expect(child.parentSpanContext).toBeUndefined();
  });

  it.each([undefined, 5, null])('makes ids where a generator answers %s', (id) => {
    const generate = (): string => id as unknown as string;
    const tracer = tracerOf({
      idGenerator: { generateTraceId: generate, generateSpanId: generate },
    });
    const { traceId, spanId } = tracer.startSpan('a').spanContext();
    expect(traceId).toMatch(HEX);
    expect(spanId).toMatch(HEX);
  });

  it('are asked in the order in which the SDK asks them', () => {
    const askedBy = (Provider: typeof LeanTracerProvider | typeof TracerProvider): string[] => {
      const asked: string[] = [];
      const idGenerator = {
        generateTraceId: () => (asked.push('trace id'), 'a'.repeat(32)),
        generateSpanId: () => (asked.push('span id'), 'b'.repeat(16)),
      };
      const never = {
        shouldSample: () => (asked.push('sampler'), { decision: SamplingDecision.NOT_RECORD }),
      };
      const tracer = new Provider({ resource, sampler: never, spanProcessors, idGenerator });
      const parent = trace.setSpan(ROOT_CONTEXT, tracer.getTracer('test').startSpan('parent'));
      tracer.getTracer('test').startSpan('child', {}, parent);
      return asked;
    };
    const asked = askedBy(LeanTracerProvider);
    expect(asked).toEqual(askedBy(TracerProvider));
    expect(asked).toEqual(['span id', 'trace id', 'sampler', 'span id', 'sampler']);
  });

  it('starts a span whose list of links is null', () => {
    const span = tracerOf({}).startSpan('a', { links: null as never });
    expect(span.isRecording()).toBe(true);
  });

  it('takes a limit that is null for one that is not given', () => {
    const spanLimits = { attributeCountLimit: null } as unknown as SpanLimits;
    const span = tracerOf({ spanLimits }).startSpan('a', { attributes: { a: 1 } });
    expect((span as unknown as ReadableSpan).attributes).toEqual({ a: 1 });
  });

  it('drops a value that is nested without end', () => {
    let value: object = {};
    for (let depth = 0; depth < 50_000; depth += 1) value = { value };
    const span = tracerOf({})
      .startSpan('a')
      .setAttribute('deep', value as never);
    expect((span as unknown as ReadableSpan).attributes).toEqual({});
  });

  it('flushes and stops every processor, though one throws at once', async () => {
    const called: string[] = [];
    const fail = (): never => {
      throw new Error('no');
    };
    const bad = Object.assign(new NoopSpanProcessor(), { forceFlush: fail, shutdown: fail });
    const good = Object.assign(new NoopSpanProcessor(), {
      forceFlush: async () => void called.push('flush'),
      shutdown: async () => void called.push('shutdown'),
    });
    const provider = new LeanTracerProvider({ resource, sampler, spanProcessors: [bad, good] });
    await expect(provider.forceFlush()).rejects.toEqual([new Error('no')]);
    await expect(provider.shutdown()).rejects.toThrow('no');
    expect(called).toEqual(['flush', 'shutdown']);
  });
});
