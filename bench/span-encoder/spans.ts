import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';

/** The spans that are encoded: what `@Traced` records, a request with an event, a query. */
export const KINDS = ['small', 'typical', 'query'] as const;
export type Kind = (typeof KINDS)[number];

const STATEMENT =
  'SELECT "o"."id" AS "o_id", "o"."customer_id" AS "o_customer_id", "o"."total" AS "o_total" ' +
  'FROM "orders" "o" WHERE "o"."customer_id" = $1 AND "o"."state" = $2 ORDER BY "o"."id" LIMIT 20';

const RECORD: Record<Kind, (tracer: Tracer, index: number, parent: Context) => Span> = {
  small(tracer, index, parent) {
    const attributes = { 'code.function.name': 'LookupService.find', 'lookup.key': `key-${index}` };
    return tracer.startSpan('LookupService.find', { attributes }, parent);
  },
  typical(tracer, index, parent) {
    const attributes = {
      'http.request.method': 'GET',
      'url.path': `/orders/${index}`,
      'url.scheme': 'http',
      'http.route': '/orders/:id',
      'server.address': 'orders.internal',
      'server.port': 3000,
      'user_agent.original':
        'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    };
    const span = tracer.startSpan('GET /orders/:id', { kind: SpanKind.SERVER, attributes }, parent);
    span.setAttribute('http.response.status_code', 200);
    return span.addEvent('cache miss', { 'cache.key': `order:${index}`, 'cache.age_ms': 12.5 });
  },
  query(tracer, index, parent) {
    const attributes = {
      'db.system.name': 'postgresql',
      'db.namespace': 'orders',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'orders',
      'db.query.text': STATEMENT,
      'server.address': 'db.internal',
      'server.port': 5432,
      'db.response.returned_rows': index,
    };
    const span = tracer.startSpan('SELECT orders', { kind: SpanKind.CLIENT, attributes }, parent);
    return span.setStatus({ code: SpanStatusCode.OK });
  },
};

/** How many spans are encoded in one go, as many as a batch of the stock processor has. */
export const BATCH = 512;

/** Spans come in traces of this many. */
const TRACE_SIZE = 8;

const ids = new RandomIdGenerator();
const parents = Array.from({ length: BATCH / TRACE_SIZE }, () =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: ids.generateTraceId(),
    spanId: ids.generateSpanId(),
    traceFlags: TraceFlags.SAMPLED,
  }),
);

/** Opens and ends a batch of spans of a kind. */
export function recordBatch(tracer: Tracer, kind: Kind): void {
  const record = RECORD[kind];
  for (let index = 0; index < BATCH; index += 1) {
    const parent = parents[Math.floor(index / TRACE_SIZE)] ?? ROOT_CONTEXT;
    record(tracer, index, parent).end();
  }
}

/** A tracer whose finished spans go where they are told to. */
export function tracerTo(onEnd: (span: ReadableSpan) => void): Tracer {
  const nothing = async (): Promise<void> => {};
  const processor = { onStart() {}, onEnd, forceFlush: nothing, shutdown: nothing };
  return new TracerProvider({ spanProcessors: [processor] }).getTracer('bench');
}

/** A batch of finished spans of the SDK, every one with values of its own. */
export function finishedSpans(kind: Kind): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  recordBatch(
    tracerTo((span) => spans.push(span)),
    kind,
  );
  return spans;
}
