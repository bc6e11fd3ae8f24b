import { INVALID_SPANID, INVALID_TRACEID, context, trace } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { processSlot } from '../process-slot.js';
import { withoutEndedStartUp } from '../span/start-up.js';
import { spanIn } from '../tracer/context-with-span.js';
import { oneOf } from '../validation/checks.js';

/**
 * Joins a log record with its span, under the names and in the form that OpenTelemetry gives
 * them in logs that are not OTLP.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
 *
 * @example
 * ```ts
 * const line: TraceFields = JSON.parse(text);
 * // { trace_id: '4bf9…', span_id: '00f0…', trace_flags: '01', … }
 * ```
 */
export interface TraceFields {
  /** 32 lower-case hex digits. */
  readonly trace_id: string;
  /** 16 lower-case hex digits. */
  readonly span_id: string;
  /** 2 lower-case hex digits, `01` if the span is sampled. */
  readonly trace_flags: string;
}

/**
 * Decides about records outside of any span: the three fields filled with zeros, or none of them.
 * Default: none until the first record inside of a span, so that the lines of a start stay clean, and
 * zeros from then on.
 *
 * @example
 * ```ts
 * const whenNoSpan: WhenNoSpan = 'omit';
 * LoggerModule.forRoot(withTraceContext({ pinoHttp: {} }, { whenNoSpan }));
 * ```
 */
export type WhenNoSpan = 'zeros' | 'omit';

const ZEROS: TraceFields = {
  trace_id: INVALID_TRACEID,
  span_id: INVALID_SPANID,
  trace_flags: '00',
};
const NOTHING: Partial<TraceFields> = {};

/** Whether a record was ever written inside of a span: loggers are many, the start is one. */
const records = processSlot('log records', () => ({ hadSpan: false }));

const BY_WHEN_NO_SPAN: Readonly<Record<WhenNoSpan, () => Partial<TraceFields>>> = {
  zeros: () => ZEROS,
  omit: () => NOTHING,
};

/** The fields of a span. */
export function traceFields({ traceId, spanId, traceFlags }: SpanContext): TraceFields {
  return { trace_id: traceId, span_id: spanId, trace_flags: hexByte(traceFlags) };
}

/** Checks option `whenNoSpan`, of whatever writes records. */
export const whenNoSpanCheck = oneOf('zeros', 'omit')
  .optional()
  .describe('nothing before the first record inside a span, then zeros');

/**
 * Returns how to get the fields of a record that no span is active for. They are shared: copy before
 * anyone may change them.
 */
export function fieldsWithoutSpan(whenNoSpan: WhenNoSpan | undefined): () => Partial<TraceFields> {
  if (whenNoSpan === undefined) return () => (records.current.hadSpan ? ZEROS : NOTHING);
  return BY_WHEN_NO_SPAN[whenNoSpan];
}

/**
 * The span that a log record written here belongs to, or undefined outside of any. A timer or pool
 * made while Nest started keeps the context of its making; the span of the start-up, once ended, is
 * not its span.
 */
export function activeSpanContext(): SpanContext | undefined {
  const active = context.active();
  const span = spanIn(active);
  if (span === undefined) return undefined;
  const ctx = withoutEndedStartUp(active, span);
  const spanContext = (ctx === active ? span : trace.getSpan(ctx))?.spanContext();
  if (spanContext === undefined || spanContext.traceId === INVALID_TRACEID) return undefined;
  records.current.hadSpan = true;
  return spanContext;
}

function hexByte(flags: number): string {
  if (flags === 1) return '01';
  return (flags & 0xff).toString(16).padStart(2, '0');
}
