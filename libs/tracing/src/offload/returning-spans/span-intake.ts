import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { registeredProvider } from '../../span/registered-provider.js';
import { runtime } from '../../span/runtime.js';
import { errorMessage, errorType } from '../../span/exception.js';
import { guard } from '../../span/guard.js';
import type { SpanRecording } from '../../span/recording.js';
import { finishedSpanImportOf } from '../../span/finished-span-import.js';
import { ForwardedSpan } from './forwarded-span.js';
import type { EncodedSpan, SpanData } from './span-codec.js';
import { decodeSpan } from './span-codec.js';
import { replay } from './span-replay.js';

/** Holds what a task threw or rejected with, revived. */
export interface TaskFailure {
  readonly error: unknown;
}

const REPLAYED =
  'Spans of offloaded tasks get new span ids, because the OpenTelemetry SDK of this process was ' +
  'not started by TracingModule and lets no finished span in. Their own ids, which log lines of the ' +
  'tasks carry, are in the attribute async.offload.span_id. Let TracingModule start the SDK to keep them.';

/** Brings the spans of workers into the SDK that the caller's own span belongs to. */
export class SpanIntake {
  readonly #warn: (message: string) => void;
  #warned = false;

  /** @param warn is told once if the spans cannot be taken in as they are */
  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /**
   * Hands the spans to the processors that the caller's span goes to, with the caller's resource. An
   * SDK that somebody else started has no way in: there they are made again, with ids of its own.
   */
  takeIn(encoded: readonly EncodedSpan[], caller: SpanRecording, failure?: TaskFailure): void {
    const spans = encoded.map(decodeSpan);
    if (failure !== undefined) judgeChildren(spans, caller, failure.error);
    const spanImport = finishedSpanImportOf(registeredProvider());
    const { resource } = caller.span as Partial<ReadableSpan>;
    if (spanImport === undefined || resource === undefined)
      return this.#replay(spans, caller.context);
    for (const span of spans) spanImport.enter(new ForwardedSpan(span, resource), caller.context);
  }

  #replay(spans: readonly SpanData[], context: Context): void {
    if (!this.#warned && spans.length > 0) this.#warn(REPLAYED);
    this.#warned ||= spans.length > 0;
    replay(spans, context);
  }
}

function judgeChildren(spans: readonly SpanData[], { span }: SpanRecording, error: unknown): void {
  const failed = failedParents(spans, span.spanContext().spanId);
  for (const child of spans) if (failed.has(child.parentSpanId)) judge(child, error);
}

/** The caller's span and, on another machine, the span of the attempt: the failure passed through them. */
function failedParents(spans: readonly SpanData[], caller: string): Set<string> {
  const attempts = spans.filter(
    ({ kind, parentSpanId }) => kind === SpanKind.CONSUMER && parentSpanId === caller,
  );
  return new Set([caller, ...attempts.map(({ context: { spanId } }) => spanId)]);
}

/** The worker knows the default policy only; the module's own judges the task's span as the caller's. */
function judge(span: SpanData, error: unknown): void {
  const verdict = guard('the error policy', () => runtime().errors(error)) ?? 'error';
  if (verdict === 'expected') {
    span.status = { code: SpanStatusCode.UNSET };
    delete span.attributes[ATTR_ERROR_TYPE];
  } else if (span.status.code !== SpanStatusCode.ERROR) {
    span.status = { code: SpanStatusCode.ERROR, message: errorMessage(error) };
    span.attributes[ATTR_ERROR_TYPE] = errorType(error);
  }
}
