import type {
  AnyValue,
  Attributes,
  HrTime,
  Link,
  SpanContext,
  TraceState,
} from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';

const MAX_UINT32 = 0xffffffff;

const codeUnits = fc.string({
  unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});

/** Lengths around those at which a length takes another byte, or text is written in another way. */
const lengths = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 40, max: 140 }) },
  { weight: 2, arbitrary: fc.integer({ min: 5_400, max: 5_500 }) },
  { weight: 1, arbitrary: fc.integer({ min: 16_370, max: 16_400 }) },
  { weight: 1, arbitrary: fc.integer({ min: 65_000, max: 200_000 }) },
);

const longTexts = fc
  .tuple(fc.constantFrom('x', 'é', '漢', '😀', '\ud800'), lengths)
  .map(([unit, length]) => unit.repeat(length));

const texts = fc.oneof(
  { weight: 20, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 5, arbitrary: codeUnits },
  { weight: 1, arbitrary: longTexts },
);

const keys = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('http.request.method', 'db.query.text', 'url.path') },
  { weight: 3, arbitrary: texts },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'toJSON', '0', ''),
  },
);

const numbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -1, -(2 ** 31), -(2 ** 32)),
  fc.constantFrom(2 ** 53, 2 ** 62, 2 ** 63 - 1024, 2 ** 63, -(2 ** 63), -(2 ** 63) - 2048, 1e300),
  fc.constantFrom(NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.EPSILON, 0.1),
);

const leaves = fc.oneof(
  { weight: 6, arbitrary: texts },
  { weight: 4, arbitrary: numbers },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, 10n, Symbol.iterator) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 150 }) },
);

const { values } = fc.letrec<{ values: unknown; maps: Attributes }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 4 },
    { weight: 8, arbitrary: leaves },
    { weight: 1, arbitrary: fc.array(fc.option(texts), { maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(numbers, { maxLength: 40 }) },
    { weight: 1, arbitrary: fc.array(tie('values'), { maxLength: 4 }) },
    { weight: 1, arbitrary: tie('maps') },
  ),
  maps: recordOf(tie('values')),
}));

const attributes = recordOf(values);
const counts = fc.oneof(fc.constant(0), fc.nat(300), fc.nat(MAX_UINT32));

const times: fc.Arbitrary<HrTime> = fc.tuple(
  fc.oneof(
    fc.nat(MAX_UINT32),
    fc.integer({ min: 1_760_000_000, max: 1_800_000_000 }),
    fc.integer({ min: MAX_UINT32, max: 18_446_744_072 }),
  ),
  fc.nat(999_999_999),
);

const traceStates = texts.map((text) => ({ serialize: () => text }) as TraceState);

const contexts: fc.Arbitrary<SpanContext> = fc.record(
  {
    traceId: hexOf(32),
    spanId: hexOf(16),
    traceFlags: fc.nat(255),
    isRemote: fc.boolean(),
    traceState: traceStates,
  },
  { requiredKeys: ['traceId', 'spanId', 'traceFlags'] },
);

const events: fc.Arbitrary<TimedEvent> = fc.record(
  { time: times, name: texts, attributes, droppedAttributesCount: counts },
  { requiredKeys: ['time', 'name'] },
);

const links: fc.Arbitrary<Link> = fc.record(
  { context: contexts, attributes, droppedAttributesCount: counts },
  { requiredKeys: ['context'] },
);

const statuses = fc.record(
  { code: fc.nat(2), message: texts },
  { requiredKeys: ['code'] },
) as fc.Arbitrary<ReadableSpan['status']>;

const scopes = fc.record(
  { name: texts, version: texts, schemaUrl: texts, attributes, droppedAttributesCount: counts },
  { requiredKeys: ['name'] },
) as fc.Arbitrary<InstrumentationScope>;

const resources: fc.Arbitrary<Resource> = fc
  .record({ attributes, schemaUrl: fc.option(texts, { nil: '' }) })
  .map(({ attributes: pairs, schemaUrl }) => resourceFromAttributes(pairs, { schemaUrl }));

const spans = fc
  .record({
    name: texts,
    kind: fc.nat(4),
    context: contexts,
    parentSpanContext: fc.option(contexts, { nil: undefined }),
    startTime: times,
    endTime: times,
    status: statuses,
    attributes,
    events: fc.array(events, { maxLength: 3 }),
    links: fc.array(links, { maxLength: 3 }),
    droppedAttributesCount: counts,
    droppedEventsCount: counts,
    droppedLinksCount: counts,
  })
  .map(({ context, ...span }) => ({ ...span, spanContext: () => context }));

/** Spans of one resource and of one or two scopes, with everything that an attribute may hold. */
export function spanBatches(size: number): fc.Arbitrary<ReadableSpan[]> {
  const batch = fc.array(spans, { minLength: size, maxLength: size });
  return fc.tuple(batch, resources, scopes, scopes).map(([all, resource, ...pair]) =>
    all.map((span, index) => ({
      ...span,
      resource,
      instrumentationScope: pair[index % 2],
    })),
  ) as unknown as fc.Arbitrary<ReadableSpan[]>;
}

/** Every key is the map's own, `__proto__` too. */
function recordOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<Attributes> {
  return fc
    .array(fc.tuple(keys, value), { maxLength: 5 })
    .map((pairs) => Object.fromEntries(pairs) as Record<string, AnyValue>);
}

function hexOf(length: number): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...'0123456789abcdefABCDEF'.split(''));
  return fc.string({ unit, minLength: length, maxLength: length });
}
