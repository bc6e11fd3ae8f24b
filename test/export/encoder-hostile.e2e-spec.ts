import type { Attributes, SpanContext } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { SpanEncoder } from '../../libs/tracing/src/export/encoder/span-encoder.js';
import { decode } from './encoder-reference.js';
import { plainSpan } from './plain-span.js';

const CONTEXT: SpanContext = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };

const SPAN = plainSpan(CONTEXT);

interface Decoded {
  readonly name: string;
  readonly traceId: Uint8Array;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly droppedAttributesCount: number;
  readonly events: readonly Decoded[];
  readonly droppedEventsCount: number;
  readonly links: readonly object[];
  readonly droppedLinksCount: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

const encoder = new SpanEncoder();

function roundTrip(parts: object): Decoded {
  const span = Object.defineProperties({}, Object.getOwnPropertyDescriptors(SPAN));
  Object.defineProperties(span, Object.getOwnPropertyDescriptors(parts));
  return decode('trace.v1.Span', encoder.encode(span as ReadableSpan)) as unknown as Decoded;
}

function fail(): never {
  throw new Error('hostile');
}

function nested(levels: number, bottom: unknown): unknown {
  let value = bottom;
  for (let level = 0; level < levels; level += 1) value = { v: value };
  return value;
}

const throwing = {
  get bad() {
    return fail();
  },
};

const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('span encoder, hostile spans', () => {
  it('drops an attribute whose getter throws, counts it and keeps the others', () => {
    const attributes = { before: 1, nested: { throwing }, after: 2 };
    Object.defineProperty(attributes.nested, 'worse', { get: fail, enumerable: true });
    const span = roundTrip({ attributes, droppedAttributesCount: 3 });
    expect(span.attributes.map(({ key }) => key)).toEqual(['before', 'after']);
    expect(span.droppedAttributesCount).toBe(4);
  });

  it('writes text for a cycle', () => {
    const cycle: Record<string, unknown> = { name: 'x' };
    cycle['self'] = cycle;
    const span = roundTrip({ attributes: { cycle, after: 1 } });
    expect(JSON.stringify(span.attributes[0])).toContain('[circular]');
    expect(span.attributes).toHaveLength(2);
  });

  it('writes text for what is nested more than 30 deep, which decoders refuse', () => {
    const attributes = {
      deep: nested(30, 'bottom'),
      deeper: nested(31, 'x'),
      bomb: nested(5e4, 1),
    };
    const span = roundTrip({ attributes, events: [{ name: 'e', time: [1, 1], attributes }] });
    for (const each of [span, span.events[0] as Decoded]) {
      const [deep, deeper, bomb] = each.attributes.map(({ value }) => JSON.stringify(value));
      expect(deep).toContain('bottom');
      expect(deeper).toContain('[nested too deep]');
      expect(bomb).toContain('[nested too deep]');
    }
  });

  it('drops values that multiply without end', () => {
    let bomb: unknown = 'x';
    const sparse: unknown[] = [];
    sparse.length = 4e9;
    for (let level = 0; level < 28; level += 1) bomb = [bomb, bomb];
    const span = roundTrip({ attributes: { bomb, sparse, after: 1 } });
    expect(span.attributes.map(({ key }) => key)).toEqual(['after']);
    expect(span.droppedAttributesCount).toBe(2);
  });

  it('cuts texts and bytes of a span that is too large to be sent', () => {
    const attributes = { text: 'x'.repeat(9e6), bytes: new Uint8Array(9e6), after: 'kept' };
    const bytes = encoder.encode({ ...SPAN, attributes } as unknown as ReadableSpan);
    expect(bytes.length).toBeLessThan(100_000);
    expect(roundTrip({ attributes }).attributes).toHaveLength(3);
  });

  it('counts attributes that cannot even be listed', () => {
    const attributes = new Proxy({} as Attributes, { ownKeys: fail });
    expect(roundTrip({ attributes }).droppedAttributesCount).toBe(1);
    expect(roundTrip({ attributes: revoked.proxy }).droppedAttributesCount).toBe(1);
    expect(roundTrip({ attributes: { k: revoked.proxy } }).droppedAttributesCount).toBe(1);
  });

  it('never calls toJSON, toString or valueOf of a value', () => {
    const value = { toJSON: fail, toString: fail, valueOf: fail, [Symbol.toPrimitive]: fail };
    expect(roundTrip({ attributes: { value } }).droppedAttributesCount).toBe(0);
  });

  it('drops events and links that cannot be read, and counts them', () => {
    const events = [null, { name: 'good', time: [1, 1] }, { time: 'never', attributes: throwing }];
    const links = [{}, undefined, { context: CONTEXT }];
    const span = roundTrip({ events, links });
    expect(span.events.map(({ name }) => name)).toEqual(['good', '']);
    expect(span.events[1]?.droppedAttributesCount).toBe(1);
    expect([span.droppedEventsCount, span.droppedLinksCount]).toEqual([1, 1]);
  });

  it.each(Object.keys(SPAN))('survives a span whose %s cannot be read', (field) => {
    const span = roundTrip(Object.defineProperty({}, field, { get: fail, enumerable: true }));
    expect(span.name).toBe(field === 'name' ? '' : 'find');
  });

  it.each(Object.keys(SPAN))('survives a span whose %s is something else', (field) => {
    for (const value of [undefined, null, NaN, 'x', 12n, Symbol('x'), {}, [], [1], fail, throwing])
      expect(roundTrip({ [field]: value }).attributes.length).toBeLessThan(2);
  });

  it('survives a trace state and a context that throw', () => {
    const broken = { ...CONTEXT, traceState: { serialize: fail } };
    const span = roundTrip({ spanContext: () => broken, parentSpanContext: throwing });
    expect(Buffer.from(span.traceId).toString('hex')).toBe(CONTEXT.traceId);
    expect(roundTrip({ spanContext: fail }).traceId).toHaveLength(0);
  });

  it.each([
    [[0, 0], '0'],
    [[1_760_000_000, 999_999_999], '1760000000999999999'],
    [[4_294_967_295, 999_999_999], '4294967295999999999'],
    [[4_294_967_296, 1], '4294967296000000001'],
    [[18_446_744_073, 709_551_615], '18446744073709551615'],
    [[18_446_744_073, 709_551_616], '0'],
    [[1, 4_000_000_000], '5000000000'],
    [[1, 0.9], '1000000000'],
    [[1.5, 0], '1000000000'],
    [[2, -1], '1999999999'],
    [[-1, 0], '0'],
    [[NaN, 0], '0'],
    [[0, Infinity], '0'],
  ])('writes the time %j as %s nanoseconds', (time, nanos) => {
    expect(roundTrip({ startTime: time, endTime: time })).toMatchObject({
      startTimeUnixNano: nanos,
      endTimeUnixNano: nanos,
    });
  });

  it('writes the next span as if nothing had happened', () => {
    const before = Buffer.from(encoder.encode(SPAN as unknown as ReadableSpan));
    roundTrip({ attributes: { text: 'x'.repeat(9e6), throwing } });
    expect(Buffer.from(encoder.encode(SPAN as unknown as ReadableSpan))).toEqual(before);
  });
});
