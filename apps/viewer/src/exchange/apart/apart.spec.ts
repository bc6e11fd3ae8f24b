import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLogs } from '../../receiving/otlp/decode-logs.js';
import { decodeTraces } from '../../receiving/otlp/decode-traces.js';
import { SENT_TYPES } from '../../telemetry.interface.js';
import { log, span } from '../../testing/fixtures.js';
import type { FileContent } from '../read-file.js';
import { ContentPacker } from './content-packer.js';
import { ContentUnpacker } from './content-unpacker.js';
import { piecesOf } from './pieces.js';

const HEX = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) };

/** What arrives of some content on the other side of a thread. */
function handedOver(content: FileContent): FileContent {
  const [packer, unpacker] = [new ContentPacker(), new ContentUnpacker()];
  const arrived: FileContent = { spans: [], logs: [] };
  for (const piece of piecesOf(content)) {
    const { spans, logs } = unpacker.unpack(structuredClone(packer.pack(piece)));
    arrived.spans.push(...spans);
    arrived.logs.push(...logs);
  }
  return arrived;
}

describe('what a thread hands over', () => {
  it('is what it was: values, their types, keys of any name, and maps that inherit nothing', () => {
    const attributes = [
      { key: '__proto__', value: { kvlistValue: { values: [{ key: 'constructor', value: {} }] } } },
      { key: 'whole', value: { doubleValue: 7 } },
      { key: 'large', value: { intValue: '9223372036854775807' } },
      { key: 'list', value: { arrayValue: { values: [{ boolValue: true }, { intValue: 1 }] } } },
    ];
    const spanOf = { ...HEX, name: 'a', startTimeUnixNano: '1', endTimeUnixNano: '2', attributes };
    const events = [{ name: 'e', timeUnixNano: '1', attributes }];
    const spans = [{ ...spanOf, events, links: [{ ...HEX, attributes }] }, spanOf];
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 's' } }] };
    const record = { ...HEX, body: { stringValue: 'hello' }, attributes };
    const content = {
      spans: decodeTraces({ resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans }] }] }),
      logs: decodeLogs({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }),
    };
    const arrived = handedOver(content);
    expect(arrived).toEqual(content);
    const [one, other] = arrived.spans;
    expect(one!.attributes[SENT_TYPES]).toEqual({ whole: 'doubleValue', large: 'intValue' });
    expect('toString' in one!.attributes).toBe(false);
    expect(one!.origin).toBe(other!.origin);
  });

  it('comes whole and in order, in pieces that are small', () => {
    const text = fc.string({ minLength: 0, maxLength: 300_000 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
        const spans = texts.map((each, at) => span(`s${at}`, undefined, { statusMessage: each }));
        const logs = texts.map((each) => log(each, 's0'));
        expect(handedOver({ spans, logs })).toEqual({ spans, logs });
      }),
      { numRuns: 20 },
    );
    const many = Array.from({ length: 5_000 }, (_, at) => span(`s${at}`));
    expect([...piecesOf({ spans: many, logs: [] })].length).toBeGreaterThan(2);
    expect([...piecesOf({ spans: [], logs: [] })]).toEqual([]);
  });
});
