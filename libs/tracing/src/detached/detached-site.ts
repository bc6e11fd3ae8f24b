import { ROOT_CONTEXT, context, isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { registeredTracer } from '../span/registered-provider.js';
import { spanSite } from '../span/span-site.js';
import type { SpanSpec } from '../span/recording.js';
import { withNextSpan } from '../span/next-span.js';
import { SpanRecording } from '../span/recording.js';
import { withoutEndedStartUp } from '../span/start-up.js';
import {
  DETACHED_FROM,
  DETACHED_NAME,
  DETACHED_ORIGIN,
  DETACHED_SPAN_ID,
  DETACHED_TRACE_ID,
  LINK_TYPE,
  STARTED_EVENT,
} from './detached.constants.js';
import type { DetachedSettings } from './detached.interface.js';

/** Where a task runs: the context it sees, and its span if one is made for it. */
export interface DetachedSite {
  readonly context: Context;
  readonly recording: SpanRecording | undefined;
}

/** The span that detached work would be linked to here; one of the start-up that has ended is none. */
export function originSpan(): Span | undefined {
  const active = context.active();
  const span = trace.getSpan(active);
  if (span === undefined || !isSpanContextValid(span.spanContext())) return undefined;
  return trace.getSpan(withoutEndedStartUp(active, span));
}

/** Opens the span of a task where its settings put it. */
export function openSite(spec: SpanSpec, settings: Required<DetachedSettings>): DetachedSite {
  if (settings.parent === 'child') return openChild(spec);
  const tracer = registeredTracer();
  const origin = originSpan();
  const ctx = standaloneContext(origin, settings);
  if (tracer === undefined) return { context: ctx, recording: undefined };
  const recording = new SpanRecording(tracer, withOrigin(spec, origin), ctx);
  return { context: recording.context, recording };
}

/** A context in which a traced method opens the root span itself, linked to the origin of here. */
export function standaloneContext(
  origin: Span | undefined,
  { baggage, sampling }: Pick<Required<DetachedSettings>, 'baggage' | 'sampling'>,
): Context {
  const ctx = withBaggage(ROOT_CONTEXT, baggage);
  if (origin === undefined) return ctx;
  return withNextSpan(ctx, {
    links: [{ context: origin.spanContext(), attributes: { [LINK_TYPE]: DETACHED_FROM } }],
    followsLinks: sampling === 'inherit',
    started: (span) => tellOrigin(origin, span),
  });
}

function openChild(spec: SpanSpec): DetachedSite {
  const site = spanSite();
  if (site === undefined) return { context: context.active(), recording: undefined };
  const recording = new SpanRecording(site.tracer, spec, site.parent);
  return { context: recording.context, recording };
}

function withOrigin(spec: SpanSpec, origin: Span | undefined): SpanSpec {
  if (origin === undefined) return spec;
  const attributes = {
    ...spec.options.attributes,
    [DETACHED_ORIGIN]: origin.spanContext().traceId,
  };
  return { ...spec, options: { ...spec.options, attributes } };
}

/** So that the work can also be found from the request that started it. */
function tellOrigin(origin: Span, detached: Span): void {
  if (!origin.isRecording() || !detached.isRecording()) return;
  const { traceId, spanId } = detached.spanContext();
  const { name } = detached as Partial<{ name: string }>;
  origin.addEvent(STARTED_EVENT, {
    ...(name === undefined ? {} : { [DETACHED_NAME]: name }),
    [DETACHED_TRACE_ID]: traceId,
    [DETACHED_SPAN_ID]: spanId,
  });
}

function withBaggage(ctx: Context, wanted: Required<DetachedSettings>['baggage']): Context {
  const baggage = wanted === false ? undefined : propagation.getActiveBaggage();
  if (baggage === undefined) return ctx;
  if (wanted === true) return propagation.setBaggage(ctx, baggage);
  const kept = baggage
    .getAllEntries()
    .filter(([key]) => (wanted as readonly string[]).includes(key));
  return propagation.setBaggage(ctx, propagation.createBaggage(Object.fromEntries(kept)));
}
