import type { InstrumentationScope } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { fitSpan } from '../encoder/fitting/fit-span.js';
import { ProtobufWriter } from '../encoder/protobuf-writer.js';
import { encodeResource, encodeScope } from '../encoder/resource.js';
import { copySpan } from '../encoder/safe-copy/span.js';
import { SpanEncoder } from '../encoder/span-encoder.js';
import { assembleRequest } from '../transport/assemble-request.js';

/** Far more than a span needs to be recognised. */
const MAX_SPAN_BYTES = 4 * 1024;

/** Writes spans that have not ended as OTLP, without an end. */
export class OpenSpansRequest {
  readonly #writer = new ProtobufWriter();
  readonly #encoder = new SpanEncoder(this.#writer);

  /** The bytes of an `ExportTraceServiceRequest`; all spans of a process are of one resource. */
  encode(spans: readonly [ReadableSpan, ...ReadableSpan[]]): Uint8Array {
    const scopes = new Map<InstrumentationScope, Uint8Array[]>();
    for (const span of spans) {
      const encoded = scopes.get(span.instrumentationScope) ?? [];
      encoded.push(this.#encode(span));
      scopes.set(span.instrumentationScope, encoded);
    }
    const parts = [...scopes].map(([scope, each]) => ({ scope: encodeScope(scope), spans: each }));
    return assembleRequest(encodeResource(spans[0].resource), parts);
  }

  /** A copy: what is written of a span in one go holds its end, and this one has none. */
  #encode(span: ReadableSpan): Uint8Array {
    const content = copySpan(span);
    this.#encoder.write(content);
    if (this.#writer.length <= MAX_SPAN_BYTES) return this.#writer.finish();
    this.#writer.discard();
    this.#encoder.write(fitSpan(content, MAX_SPAN_BYTES));
    return this.#writer.finish();
  }
}
