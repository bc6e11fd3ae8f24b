import { createHash } from 'node:crypto';

/** Where a span of Zipkin stands. */
export interface SpanPlace {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: string;
  /** It is the callee's half of a span that its caller has begun. */
  readonly isShared: boolean;
}

/** Makes two spans of one whose id a caller and a callee share. */
export class SharedSpans {
  readonly #begun = new Set<string>();
  /** The callee's own ids, by what its children know of it. */
  readonly #ids = new Map<string, string>();

  constructor(spans: readonly SpanPlace[]) {
    for (const span of spans) if (!span.isShared) this.#begun.add(keyOf(span, span.spanId));
    for (const span of spans) {
      if (this.#isHalf(span)) this.#ids.set(calleeOf(span, span.spanId), ownId(span));
    }
  }

  /** The ids of a span and its parent, once both halves have their own. */
  idsOf(span: SpanPlace): { readonly spanId: string; readonly parentSpanId: string } {
    const { spanId, parentSpanId } = span;
    const own = this.#isHalf(span) ? this.#ids.get(calleeOf(span, spanId)) : undefined;
    if (own !== undefined) return { spanId: own, parentSpanId: spanId };
    return { spanId, parentSpanId: this.#ids.get(calleeOf(span, parentSpanId)) ?? parentSpanId };
  }

  /** Without its caller's half it is whole. */
  #isHalf(span: SpanPlace): boolean {
    return span.isShared && this.#begun.has(keyOf(span, span.spanId));
  }
}

function keyOf({ traceId }: SpanPlace, spanId: string): string {
  return traceId + spanId;
}

function calleeOf(span: SpanPlace, spanId: string): string {
  return `${keyOf(span, spanId)} ${span.service}`;
}

/** The same whenever the file is read. */
function ownId(span: SpanPlace): string {
  return createHash('sha256').update(calleeOf(span, span.spanId)).digest('hex').slice(0, 16);
}
