import type { Attributes, SpanContext, TraceState } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { plainSpan } from '../../../../../test/export/plain-span.js';
import { SpanEncoder } from './span-encoder.js';

const CONTEXT: SpanContext = {
  traceId: '0102030405060708090a0b0c0d0e0f10',
  spanId: 'a1a2a3a4a5a6a7a8',
  traceFlags: 1,
};

const SPAN = plainSpan(CONTEXT);

const IDS = '0a10 0102030405060708090a0b0c0d0e0f10 1208 a1a2a3a4a5a6a7a8 ';
const REST = '2a04 66696e64 3001 39 02ca9a3b00000000 41 03ca9a3b00000000 ';
const LOCAL = '8501 01010000 ';

function encode(parts: Partial<ReadableSpan>, encoder = new SpanEncoder()): string {
  return Buffer.from(encoder.encode({ ...SPAN, ...parts } as ReadableSpan)).toString('hex');
}

function attributesOf(attributes: Attributes): string {
  const bytes = encode({ attributes });
  const head = hex(IDS + LOCAL + REST);
  expect(bytes.startsWith(head) && bytes.endsWith('7a00')).toBe(true);
  return bytes.slice(head.length, -4);
}

function hex(spaced: string): string {
  return spaced.replaceAll(' ', '');
}

describe('SpanEncoder', () => {
  it('writes ids, flags, name, kind and times of a span that has nothing else', () => {
    expect(encode({})).toBe(hex(`${IDS}${LOCAL}${REST}7a00`));
  });

  it('says whose parent is remote', () => {
    const parentSpanContext = { ...CONTEXT, spanId: 'b1b2b3b4b5b6b7b8', isRemote: true };
    const parent = '2208 b1b2b3b4b5b6b7b8 8501 01030000 ';
    expect(encode({ parentSpanContext })).toBe(hex(`${IDS}${parent}${REST}7a00`));
  });

  it('writes trace state, status and what was dropped', () => {
    const traceState = { serialize: () => 'a=1' } as TraceState;
    const bytes = encode({
      spanContext: () => ({ ...CONTEXT, traceState }),
      status: { code: 2, message: 'no' },
      droppedAttributesCount: 1,
      droppedEventsCount: 300,
      droppedLinksCount: 3,
    });
    const state = '1a03 613d31 ';
    const dropped = '5001 60ac02 7003 ';
    expect(bytes).toBe(hex(`${IDS}${state}${LOCAL}${REST}${dropped}7a06 1202 6e6f 1802`));
  });

  it('writes events and links with their attributes', () => {
    const events = [
      {
        name: 'e',
        time: [0, 1] as [number, number],
        droppedAttributesCount: 2,
        attributes: { k: 1 },
      },
    ];
    const links = [{ context: { ...CONTEXT, isRemote: true }, attributes: { k: true } }];
    const event = '5a17 09 0100000000000000 1201 65 1a07 0a016b 1202 1801 2002 ';
    const link = `6a2a ${IDS} 2207 0a016b 1202 1001 35 01030000 `;
    const expected = hex(`${IDS}${LOCAL}${REST}${event}${link}7a00`);
    expect(encode({ events, links })).toBe(expected);
  });

  it.each<[string, Attributes[string] | undefined, string]>([
    ['text', 'ab', '4a09 0a016b 1204 0a02 6162'],
    ['empty text', '', '4a07 0a016b 1202 0a00'],
    ['a letter beyond ASCII', 'é', '4a09 0a016b 1204 0a02 c3a9'],
    ['a lone surrogate', '\ud800', '4a0a 0a016b 1205 0a03 efbfbd'],
    ['true', true, '4a07 0a016b 1202 1001'],
    ['false', false, '4a07 0a016b 1202 1000'],
    ['a whole number', 300, '4a08 0a016b 1203 18ac02'],
    ['minus one', -1, '4a10 0a016b 120b 18 ffffffffffffffffff01'],
    ['the lowest integer', -(2 ** 63), '4a10 0a016b 120b 18 80808080808080808001'],
    ['two to the 63rd', 2 ** 63, '4a0e 0a016b 1209 21 000000000000e043'],
    ['a half', 0.5, '4a0e 0a016b 1209 21 000000000000e03f'],
    ['NaN', NaN, '4a0e 0a016b 1209 21 000000000000f87f'],
    ['infinity', -Infinity, '4a0e 0a016b 1209 21 000000000000f0ff'],
    ['bytes', Uint8Array.of(1, 255), '4a09 0a016b 1204 3a02 01ff'],
    ['null', null, '4a05 0a016b 1200'],
    ['undefined', undefined, '4a05 0a016b 1200'],
    ['an array with a gap', ['a', null, 1], '4a12 0a016b 120d 2a0b 0a03 0a0161 0a00 0a02 1801'],
    ['an empty array', [], '4a07 0a016b 1202 2a00'],
    [
      'a map',
      { m: { n: true } },
      '4a19 0a016b 1214 3212 0a10 0a016d 120b 3209 0a07 0a016e 1202 1001',
    ],
  ])('writes %s', (_, value, expected) => {
    expect(attributesOf({ k: value as string })).toBe(hex(expected));
  });

  it.each([127, 128, 16_383, 16_384, 100_000])('writes texts of %d characters', (length) => {
    for (const letter of ['x', 'é', '漢']) {
      const text = letter.repeat(length);
      const bytes = Buffer.from(attributesOf({ k: text }), 'hex');
      expect(bytes.subarray(-Buffer.byteLength(text)).toString()).toBe(text);
    }
  });

  it('leaves earlier spans as they are, also when memory is replaced', () => {
    const encoder = new SpanEncoder();
    const first = encoder.encode(SPAN as ReadableSpan);
    const before = Buffer.from(first).toString('hex');
    const long = { attributes: { k: 'x'.repeat(200_000) } };
    for (let index = 0; index < 2_000; index += 1) {
      const bytes = encode({ name: `span ${index}`, ...(index % 500 === 7 ? long : {}) }, encoder);
      expect(bytes).toContain(Buffer.from(`span ${index}`).toString('hex'));
    }
    expect(Buffer.from(first).toString('hex')).toBe(before);
    expect(encode({}, encoder)).toBe(before);
  });

  it('keeps ids apart of spans from several traces', () => {
    const encoder = new SpanEncoder();
    const ids = ['11', '22', '11', '33'].map((digits) => digits.repeat(16));
    for (const traceId of ids) {
      const spanContext = () => ({ ...CONTEXT, traceId });
      expect(encode({ spanContext }, encoder).startsWith(`0a10${traceId}`)).toBe(true);
    }
  });

  it.each(['', 'abc', 'g'.repeat(32), 'İ'.repeat(32), '0'.repeat(34)])(
    'writes no bytes for %j as a trace id',
    (traceId) => {
      const bytes = encode({ spanContext: () => ({ ...CONTEXT, traceId }) });
      expect(bytes.startsWith('0a001208a1a2')).toBe(true);
    },
  );

  it('writes more keys than it remembers', () => {
    const encoder = new SpanEncoder();
    for (let index = 0; index < 3_000; index += 1) {
      const bytes = encode({ attributes: { [`key-${index}`]: 1 } }, encoder);
      expect(bytes).toContain(Buffer.from(`key-${index}`).toString('hex'));
    }
  });
});
