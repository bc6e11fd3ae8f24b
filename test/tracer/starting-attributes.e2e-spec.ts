import { SamplingDecision } from '@opentelemetry/sdk-trace';
import type { Attributes, Span, SpanOptions } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import type { ReadableSpan, Sampler } from '@opentelemetry/sdk-trace';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  NoopSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpanEncoder } from '../../libs/tracing/src/export/encoder/span-encoder.js';
import { PAIRS } from '../../libs/tracing/src/tracer/attributes/pairs.js';
import { LeanTracerProvider } from '../../libs/tracing/src/tracer/lean-tracer-provider.js';
import type { SubjectOptions } from '../../libs/tracing/src/tracer/sampling/sampling-subject.interface.js';
import { decode } from '../export/encoder-reference.js';

const resource = emptyResource();
const spanProcessors = [new NoopSpanProcessor()];

function tracerOf(sampler: Sampler, spanLimits = {}) {
  const provider = new LeanTracerProvider({ resource, sampler, spanProcessors, spanLimits });
  return provider.getTracer('test');
}

/** Counts how often the attributes of a span are asked for. */
function counting(): { options: SpanOptions; reads: () => number } {
  let reads = 0;
  const options = {
    get attributes(): Attributes {
      reads += 1;
      return { key: 'value' };
    },
  };
  return { options, reads: () => reads };
}

const attributesOf = (span: Span) => (span as unknown as ReadableSpan).attributes;

describe('the attributes that a span starts with', () => {
  it.each<Sampler>([
    new AlwaysOffSampler(),
    new TraceIdRatioBasedSampler(0),
    new TraceIdRatioBasedSampler(1e-9),
    new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0) }),
    new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(1e-9) }),
  ])('are not read if %s leaves the span out', (sampler) => {
    const { options, reads } = counting();
    expect(tracerOf(sampler).startSpan('out', options).isRecording()).toBe(false);
    expect(reads()).toBe(0);
  });

  it.each<Sampler>([
    new AlwaysOnSampler(),
    new TraceIdRatioBasedSampler(1),
    new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(1 - 1e-9) }),
  ])('are there if %s samples it', (sampler) => {
    const { options, reads } = counting();
    const span = tracerOf(sampler).startSpan('in', options);
    expect(attributesOf(span)).toEqual({ key: 'value' });
    expect(reads()).toBe(1);
  });

  it.each([
    ['a sampler of the application', (own: Sampler) => own],
    ['one below a parent-based', (own: Sampler) => new ParentBasedSampler({ root: own })],
  ])('are seen by %s', (_, samplerOf) => {
    const own: Sampler = {
      shouldSample: (...[, , , , attributes]) => ({
        decision:
          attributes['key'] === 'value'
            ? SamplingDecision.RECORD_AND_SAMPLED
            : SamplingDecision.NOT_RECORD,
      }),
    };
    const { options, reads } = counting();
    const span = tracerOf(samplerOf(own)).startSpan('in', options);
    expect(span.isRecording()).toBe(true);
    expect(reads()).toBe(1);
  });

  it('may be one frozen object, of which every span has its own', () => {
    const tracer = tracerOf(new AlwaysOnSampler());
    const attributes = Object.freeze({ a: 1, b: 'x' });
    const [first, second, third] = [1, 2, 3].map(() => tracer.startSpan('span', { attributes }));
    first?.setAttribute('a', 2).setAttribute('c', 3);
    expect(attributesOf(first as Span)).toEqual({ a: 2, b: 'x', c: 3 });
    expect(attributesOf(second as Span)).toEqual({ a: 1, b: 'x' });
    second?.setAttribute('b', 'y');
    expect(attributesOf(third as Span)).toEqual({ a: 1, b: 'x' });
  });

  it('are kept within the limits and counted, frozen or not', () => {
    const tracer = tracerOf(new AlwaysOnSampler(), { attributeCountLimit: 2 });
    const given = { a: 1, b: undefined, c: 3, d: 4 } as Attributes;
    for (const attributes of [
      given,
      Object.freeze({ ...given }),
      Object.freeze({ a: 1, c: 3, d: 4 }),
    ]) {
      for (const _ of [1, 2]) {
        const span = tracer.startSpan('span', { attributes }) as unknown as ReadableSpan;
        (span as unknown as Span).setAttribute('e', 5);
        expect(span.attributes).toEqual({ a: 1, c: 3 });
        expect(span.droppedAttributesCount).toBe(2);
      }
    }
  });

  it('are read anew where a frozen object holds what may change', () => {
    const tracer = tracerOf(new AlwaysOnSampler());
    const list = ['a'];
    const attributes = Object.freeze({ list });
    tracer.startSpan('span', { attributes });
    list.push('b');
    expect(attributesOf(tracer.startSpan('span', { attributes }))).toEqual({ list: ['a', 'b'] });
  });

  it('are sent as they are of a frozen object, whatever a span before has set, for any texts', () => {
    const tracer = tracerOf(new AlwaysOnSampler());
    const encoder = new SpanEncoder();
    const sent = (span: Span): unknown => {
      span.end();
      const { attributes } = decode(
        'trace.v1.Span',
        encoder.encode(span as unknown as ReadableSpan),
      );
      return attributes;
    };
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('\u007f\u007f\u{10ffff}\u{10ffff}', 'x'.repeat(3000), 'é'.repeat(700)),
    );
    const value = fc.oneof(text, fc.double(), fc.maxSafeInteger(), fc.boolean());
    const given = fc.dictionary(fc.string({ unit: 'binary', minLength: 1, maxLength: 90 }), value);
    fc.assert(
      fc.property(given, text, (plain, last) => {
        const attributes = Object.freeze({ ...plain });
        const expected = sent(tracer.startSpan('span', { attributes: { ...plain } }));
        const all = [...((expected ?? []) as object[])];
        expect(sent(tracer.startSpan('span', { attributes }))).toEqual(expected);
        const [key = 'later'] = Object.keys(plain);
        sent(tracer.startSpan('span', { attributes }).setAttribute(key, last));
        expect(sent(tracer.startSpan('span', { attributes }))).toEqual(expected);
        const later = tracer.startSpan('span', { attributes }).setAttribute('\0later', last);
        expect(sent(later)).toEqual([...all, { key: '\0later', value: { stringValue: last } }]);
      }),
    );
  });

  it('may be given as a list, and are kept within the limits like an object', () => {
    const value = fc.oneof(fc.string({ maxLength: 9 }), fc.integer(), fc.array(fc.string()));
    const given = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), value, { maxKeys: 5 });
    const limits = fc.record({
      attributeCountLimit: fc.constantFrom(2, 128),
      attributeValueLengthLimit: fc.constantFrom(4, 8, Infinity),
    });
    fc.assert(
      fc.property(given, limits, value, (attributes, spanLimits, last) => {
        const tracer = tracerOf(new AlwaysOnSampler(), spanLimits);
        const list: SubjectOptions = { [PAIRS]: Object.entries(attributes).flat(1) };
        const [ours, plain] = [list, { attributes }].map((options) => {
          const span = tracer.startSpan('span', options) as unknown as ReadableSpan & Span;
          const [key = 'later'] = Object.keys(attributes);
          span.setAttribute(key, last).setAttribute('later', last);
          return [span.attributes, span.droppedAttributesCount];
        });
        expect(ours).toEqual(plain);
      }),
    );
  });
});
