import { deepStrictEqual } from 'node:assert/strict';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EncodedScopeSpans } from '../../libs/tracing/src/export/transport/assemble-request.js';
import { assembleRequest } from '../../libs/tracing/src/export/transport/assemble-request.js';
import { encodeResource, encodeScope } from '../../libs/tracing/src/export/encoder/resource.js';
import { SpanEncoder } from '../../libs/tracing/src/export/encoder/span-encoder.js';
import { decodeRequest, stockRequest } from './encoder-reference.js';
import { spanBatches } from './encoder-spans.js';

const SPANS = process.env['SOAK'] === '1' ? 100_000 : 5_000;
const BATCH = 20;

describe('span encoder', () => {
  it(
    'means the same as the stock serializer, whatever the spans hold',
    { timeout: 300_000 },
    () => {
      const encoder = new SpanEncoder();
      let compared = 0;
      let bytes = 0;
      const equal = fc.property(spanBatches(BATCH), (spans) => {
        const request = ourRequest(encoder, spans);
        deepStrictEqual(decodeRequest(request), decodeRequest(stockRequest(spans)));
        compared += spans.length;
        bytes += request.length;
      });
      fc.assert(equal, { numRuns: SPANS / BATCH });
      console.log(
        `${compared} spans in ${bytes} bytes decode to the same as the stock serializer's`,
      );
      expect(compared).toBe(SPANS);
    },
  );
});

function ourRequest(encoder: SpanEncoder, spans: readonly ReadableSpan[]): Uint8Array {
  const [first] = spans;
  if (first === undefined) return new Uint8Array();
  const groups = Map.groupBy(spans, (span) => span.instrumentationScope);
  const scopes = [...groups].map(([scope, members]): EncodedScopeSpans => ({
    scope: encodeScope(scope),
    schemaUrl: scope.schemaUrl ?? '',
    spans: members.map((span) => encoder.encode(span)),
  }));
  return assembleRequest(encodeResource(first.resource), scopes, first.resource.schemaUrl);
}
