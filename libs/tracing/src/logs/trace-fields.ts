import { INVALID_SPANID, INVALID_TRACEID, context, trace } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { TracingConfigurationError } from '../options/configuration.error.js';
import { withoutEndedStartUp } from '../span/start-up.js';

/**
 * What joins a log record with its span, under the names and in the form that OpenTelemetry gives
 * them in logs that are not OTLP.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
 *
 * @example
 * ```ts
 * const line: TraceFields = JSON.parse(text); // { trace_id: '4bf9…', span_id: '00f0…', trace_flags: '01', … }
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
 * What a record carries outside of any span: the three fields filled with zeros, or none of them.
 *
 * @example
 * ```ts
 * const whenNoSpan: WhenNoSpan = 'omit';
 * LoggerModule.forRoot(withTraceContext({ pinoHttp: {} }, { whenNoSpan }));
 * ```
 */
export type WhenNoSpan = 'zeros' | 'omit';

const BY_WHEN_NO_SPAN: Readonly<Record<WhenNoSpan, Partial<TraceFields>>> = {
  zeros: { trace_id: INVALID_TRACEID, span_id: INVALID_SPANID, trace_flags: '00' },
  omit: {},
};

/** The fields of a span. */
export function traceFields({ traceId, spanId, traceFlags }: SpanContext): TraceFields {
  return { trace_id: traceId, span_id: spanId, trace_flags: hexByte(traceFlags) };
}

/**
 * The fields of a record that no span is active for. Shared: copy before anyone may change them.
 *
 * @param whenNoSpan default: `zeros`
 * @throws TracingConfigurationError if it is neither `zeros` nor `omit`
 */
export function fieldsWithoutSpan(whenNoSpan: WhenNoSpan = 'zeros'): Partial<TraceFields> {
  if (Object.hasOwn(BY_WHEN_NO_SPAN, whenNoSpan)) return BY_WHEN_NO_SPAN[whenNoSpan];
  throw new TracingConfigurationError(
    'whenNoSpan',
    `is ${JSON.stringify(whenNoSpan)}; write 'zeros' or 'omit'.`,
  );
}

/**
 * The span that a log record written here belongs to, or undefined outside of any. A timer or pool
 * made while Nest started keeps the context of its making; the span of the start-up, once ended, is
 * not its span.
 */
export function activeSpanContext(): SpanContext | undefined {
  const active = context.active();
  const span = trace.getSpan(active);
  if (span === undefined) return undefined;
  const spanContext = trace.getSpan(withoutEndedStartUp(active, span))?.spanContext();
  return spanContext?.traceId === INVALID_TRACEID ? undefined : spanContext;
}

function hexByte(flags: number): string {
  if (flags === 1) return '01';
  return (flags & 0xff).toString(16).padStart(2, '0');
}
