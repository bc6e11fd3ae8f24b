import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  createTraceState,
  trace,
} from '@opentelemetry/api';
import type { Context, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import type { ReadableSpan, Sampler, SpanLimits } from '@opentelemetry/sdk-trace';
import {
  AlwaysOnSampler,
  NoopSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpanEncoder } from '../../libs/tracing/src/export/encoder/span-encoder.js';
import { LeanTracerProvider } from '../../libs/tracing/src/tracer/lean-tracer-provider.js';
import { decode } from '../export/encoder-reference.js';

const RUNS = process.env['SOAK'] ? 20_000 : 2_000;
const REMOTE = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), isRemote: true };

/** Keeps spans as they are when they end. */
class Kept extends NoopSpanProcessor {
  readonly spans: ReadableSpan[] = [];

  override onEnd(span: ReadableSpan): void {
    this.spans.push(span);
  }
}

/** Adds attributes and a trace state, and leaves every span out whose name ends in "x". */
class AddingSampler implements Sampler {
  shouldSample(_: Context, __: string, name: string): ReturnType<Sampler['shouldSample']> {
    const decision = name.endsWith('x')
      ? SamplingDecision.NOT_RECORD
      : SamplingDecision.RECORD_AND_SAMPLED;
    return { decision, attributes: { sampled: name, a: 1 }, traceState: createTraceState('s=1') };
  }
}

const samplers = {
  default: (): Sampler => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  adding: (): Sampler => new AddingSampler(),
};

interface Scenario {
  readonly sampler: keyof typeof samplers;
  readonly limits: SpanLimits;
  readonly parent: 'none' | 'local' | 'remote' | 'remote unsampled';
  readonly name: string;
  readonly options: SpanOptions;
  readonly calls: readonly ((span: Span) => void)[];
  readonly end: Date | undefined;
}

const key = fc.constantFrom('a', 'b', 'c.d', 'e', '', 'long.key.of.an.attribute', '0');
const scalar = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean());
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  fc.array(fc.oneof(fc.string(), fc.constant(null))),
  fc.array(fc.integer()),
  fc.array(scalar, { maxLength: 4 }),
  fc.uint8Array({ maxLength: 8 }),
  fc.dictionary(fc.string(), scalar, { maxKeys: 3, noNullPrototype: true }),
  fc.constantFrom(null, undefined, Symbol('s'), 1n, new Date(0), () => 1, /x/),
);
const attributes = fc.array(fc.tuple(key, value), { maxLength: 8 }).map((pairs) => {
  const made: Record<string, unknown> = {};
  for (const [name, each] of pairs) {
    Object.defineProperty(made, name, { value: each, enumerable: true, configurable: true });
  }
  return made as never;
});
const link = fc.record({
  context: fc.constant({ ...REMOTE, traceFlags: TraceFlags.SAMPLED }),
  attributes: fc.option(attributes, { nil: undefined as never }),
});
const date = fc.integer({ min: 0, max: 4e12 }).map((millis) => new Date(millis));

const call: fc.Arbitrary<(span: Span) => void> = fc.oneof(
  fc.tuple(key, value).map(
    ([k, v]) =>
      (span: Span) =>
        void span.setAttribute(k, v as never),
  ),
  attributes.map((all) => (span: Span) => void span.setAttributes(all)),
  fc.tuple(fc.string(), fc.option(attributes, { nil: undefined }), date).map(
    ([name, all, time]) =>
      (span: Span) =>
        void span.addEvent(name, all, time),
  ),
  fc.tuple(fc.string(), date).map(
    ([name, time]) =>
      (span: Span) =>
        void span.addEvent(name, time),
  ),
  link.map((each) => (span: Span) => void span.addLink(each)),
  fc.array(link, { maxLength: 3 }).map((all) => (span: Span) => void span.addLinks(all)),
  fc
    .tuple(fc.constantFrom(0, 1, 2), fc.oneof(fc.string(), fc.constantFrom(undefined, 7, null)))
    .map(
      ([code, message]) =>
        (span: Span) =>
          void span.setStatus({ code: code as SpanStatusCode, message: message as never }),
    ),
  fc.string().map((name) => (span: Span) => void span.updateName(name)),
  fc
    .tuple(
      fc.oneof(
        fc.string(),
        fc.record(
          {
            code: fc.oneof(fc.string(), fc.integer()),
            message: fc.string(),
            name: fc.string(),
            stack: fc.string(),
          },
          { requiredKeys: [], noNullPrototype: true },
        ),
      ),
      date,
    )
    .map(
      ([error, time]) =>
        (span: Span) =>
          span.recordException(error as never, time),
    ),
  fc.constant((span: Span) => void (span as unknown as ReadableSpan).attributes),
);

const limit = fc.option(fc.constantFrom(0, 1, 3, 128), { nil: undefined });
const scenario: fc.Arbitrary<Scenario> = fc.record({
  sampler: fc.constantFrom('default' as const, 'adding' as const),
  limits: fc
    .record({
      attributeCountLimit: limit,
      attributeValueLengthLimit: fc.option(fc.constantFrom(-1, 0, 1, 5), { nil: undefined }),
      eventCountLimit: limit,
      linkCountLimit: limit,
      attributePerEventCountLimit: limit,
      attributePerLinkCountLimit: limit,
    })
    .map((all) => JSON.parse(JSON.stringify(all)) as SpanLimits),
  parent: fc.constantFrom('none', 'local', 'remote', 'remote unsampled'),
  name: fc.string(),
  options: fc
    .record(
      {
        kind: fc.constantFrom(0, 1, 2, 3, 4) as fc.Arbitrary<SpanKind>,
        attributes,
        links: fc.array(link, { maxLength: 4 }),
        root: fc.boolean(),
        startTime: date,
      },
      { requiredKeys: [] },
    )
    .map((options) => options as SpanOptions),
  calls: fc.array(call, { maxLength: 12 }),
  end: fc.option(date, { nil: undefined }),
});

function contextOf(parent: Scenario['parent'], tracer: Tracer): Context {
  if (parent === 'none') return ROOT_CONTEXT;
  if (parent === 'local') return trace.setSpan(ROOT_CONTEXT, tracer.startSpan('parent'));
  const traceFlags = parent === 'remote' ? TraceFlags.SAMPLED : TraceFlags.NONE;
  const traceState = createTraceState('vendor=1');
  return trace.setSpanContext(ROOT_CONTEXT, { ...REMOTE, traceFlags, traceState });
}

/** Plays a scenario, and tells what a collector would get of it. */
function play(
  tracer: Tracer,
  kept: Kept,
  { parent, name, options, calls, end }: Scenario,
): unknown {
  const ctx = contextOf(parent, tracer);
  const span = tracer.startSpan(name, { ...options }, ctx);
  for (const act of calls) act(span);
  span.end(end);
  span.setAttribute('late', 1).updateName('late');
  span.end();
  const { traceFlags, traceState } = span.spanContext();
  const context = { traceFlags, traceState: traceState?.serialize() };
  return { context, isRecording: span.isRecording(), exported: kept.spans.map(exported) };
}

function exported(span: ReadableSpan): unknown {
  const decoded = decode('trace.v1.Span', new SpanEncoder().encode(span)) as Record<
    string,
    unknown
  >;
  const { traceId, spanId, parentSpanId, startTimeUnixNano, endTimeUnixNano, ...facts } = decoded;
  const events = (facts['events'] as object[] | undefined)?.map((event) => ({ ...event }));
  const attributes = sortedByKey(facts['attributes']);
  return {
    ...facts,
    attributes,
    events,
    hasParent: (parentSpanId as Uint8Array | undefined)?.length,
    idSizes: [(traceId as Uint8Array).length, (spanId as Uint8Array).length],
    isOrdered: BigInt(startTimeUnixNano as string) <= BigInt(endTimeUnixNano as string),
  };
}

/** An object has keys like numbers first, a list has them where they were set. */
function sortedByKey(attributes: unknown): unknown {
  const all = attributes as readonly { readonly key: string }[];
  return all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function both(given: Scenario): [unknown, unknown] {
  const [theirs, ours] = [new Kept(), new Kept()];
  const resource = emptyResource();
  const sampler = samplers[given.sampler]();
  const stock = new TracerProvider({
    resource,
    sampler,
    spanLimits: given.limits,
    spanProcessors: [theirs],
  });
  const lean = new LeanTracerProvider({
    resource,
    sampler,
    spanLimits: given.limits,
    spanProcessors: [ours],
  });
  return [play(stock.getTracer('t'), theirs, given), play(lean.getTracer('t'), ours, given)];
}

describe('the tracer of our own', () => {
  it('X3 exports what the SDK exports, whatever is called on a span', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const [theirs, ours] = both(given);
        expect(ours).toEqual(theirs);
      }),
      { numRuns: RUNS },
    );
  });
});
