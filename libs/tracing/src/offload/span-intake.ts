import { SpanStatusCode, diag } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { runtime } from '../runtime.js';
import { errorMessage, errorType } from '../span/exception.js';
import { guard } from '../span/guard.js';
import type { SpanRecording } from '../span/recording.js';
import { ForwardedSpan } from './forwarded-span.js';
import type { EncodedSpan } from './span-codec.js';
import { decodeSpan } from './span-codec.js';

/**
 * How the SDK's spans reach the processors of their provider. OpenTelemetry has no way in for spans
 * that ended elsewhere; this field is private to it, but every span of its SDK has had it since 1.0,
 * whoever registered the provider: this package, a preload, or a test's recorder.
 */
type SdkSpan = Span & Partial<Pick<ReadableSpan, 'resource'>> & { _spanProcessor?: SpanProcessor };

/** What a task threw or rejected with, revived. */
export interface TaskFailure {
  readonly error: unknown;
}

/**
 * Hands the spans of a worker to the processors that the caller's own span goes to, each announced
 * and ended like any other, with the caller's resource.
 */
export function takeIn(
  spans: readonly EncodedSpan[],
  caller: SpanRecording,
  failure?: TaskFailure,
): void {
  const { resource, _spanProcessor: processor } = caller.span as SdkSpan;
  if (resource === undefined || processor === undefined) {
    diag.warn(`nestjs-tracing: ${spans.length} spans of a worker are lost: the SDK is unknown`);
    return;
  }
  for (const encoded of spans) {
    const span = new ForwardedSpan(decodeSpan(encoded), resource);
    if (
      failure !== undefined &&
      span.parentSpanContext?.spanId === caller.span.spanContext().spanId
    )
      judge(span, failure.error);
    processor.onStart(span, caller.scope);
    processor.onEnding?.(span);
    span.end();
    processor.onEnd(span);
  }
}

/** The worker knows the default policy only; the module's own judges the task's span as the caller's. */
function judge(span: ForwardedSpan, error: unknown): void {
  const verdict = guard('the error policy', () => runtime().errors(error)) ?? 'error';
  if (verdict === 'expected') {
    span.status = { code: SpanStatusCode.UNSET };
    delete span.attributes[ATTR_ERROR_TYPE];
  } else if (span.status.code !== SpanStatusCode.ERROR) {
    span.status = { code: SpanStatusCode.ERROR, message: errorMessage(error) };
    span.attributes[ATTR_ERROR_TYPE] = errorType(error);
  }
}
