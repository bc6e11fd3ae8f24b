import { trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { registeredProvider } from '../../span/registered-provider.js';
import type { SpanData } from './span-codec.js';

/**
 * Makes finished spans again through the public API of whatever SDK is registered: the same names,
 * times, attributes, events and parents, but new ids. Their own ids become an attribute.
 *
 * @param spans in the order of their ends
 * @param context of the caller: the parent of those whose own parent is not among them
 */
export function replay(spans: readonly SpanData[], context: Context): void {
  const started = new Replay(spans, context);
  for (const span of spans) finish(started.copyOf(span), span);
}

class Replay {
  readonly #originals: ReadonlyMap<string, SpanData>;
  readonly #copies = new Map<SpanData, Span>();
  readonly #context: Context;

  constructor(spans: readonly SpanData[], ctx: Context) {
    this.#originals = new Map(spans.map((span) => [span.context.spanId, span]));
    this.#context = ctx;
  }

  /** The started copy of a span; its parent is started before it. */
  copyOf(span: SpanData): Span {
    const copy = this.#copies.get(span) ?? this.#start(span);
    this.#copies.set(span, copy);
    return copy;
  }

  #start(span: SpanData): Span {
    const { kind, attributes, links, startTime, parentSpanId } = span;
    const { name, version } = span.instrumentationScope;
    const own = { 'async.offload.span_id': span.context.spanId };
    const options = { kind, attributes: { ...attributes, ...own }, links, startTime };
    const root = parentSpanId === '';
    const tracer = registeredProvider().getTracer(name, version);
    return tracer.startSpan(span.name, { ...options, root }, this.#parentOf(span));
  }

  #parentOf({ parentSpanId }: SpanData): Context {
    const parent = this.#originals.get(parentSpanId);
    return parent === undefined ? this.#context : trace.setSpan(this.#context, this.copyOf(parent));
  }
}

function finish(copy: Span, { events, status, endTime }: SpanData): void {
  for (const event of events) copy.addEvent(event.name, event.attributes, event.time);
  if (status.code !== 0) copy.setStatus(status);
  copy.end(endTime);
}
