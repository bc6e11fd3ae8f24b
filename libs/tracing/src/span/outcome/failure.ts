import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { ErrorPolicy } from '../error-policy.js';
import type { ErrorDescription } from '../exception.js';
import { errorMessage, errorType, recordException } from '../exception.js';
import { guard } from '../guard.js';
import { runtime } from '../runtime.js';

const MAX_FURTHER_ERRORS = 32;

/** How the errors of a span are read. */
export interface ErrorReading {
  /** Overrides the module's error policy. */
  readonly errors?: ErrorPolicy | undefined;
  /** Returns what to record of an error instead of its own message and stack. */
  readonly describeError?: ((error: unknown) => ErrorDescription) | undefined;
}

/** Writes on a span with what it failed; the policy decides whether that is an error. */
export function recordFailure(
  span: Span,
  reading: ErrorReading,
  error: unknown,
  further: readonly unknown[],
): void {
  const description = describe(reading, error);
  if (!span.isRecording()) return;
  guard('recording an exception', () => recordFirst(span, reading, error, description));
  for (const other of further.slice(0, MAX_FURTHER_ERRORS)) recordException(span, other);
}

/** Whether the policy takes an error for an expected outcome. */
export function isExpected({ errors }: ErrorReading, error: unknown): boolean {
  const policy = errors ?? runtime().errors;
  return guard('the error policy', () => policy(error)) === 'expected';
}

/** Also asked for a span that is sampled out: an outer one may record the error. */
function describe({ describeError }: ErrorReading, error: unknown): ErrorDescription | undefined {
  return describeError && guard('the description of an error', () => describeError(error));
}

function recordFirst(
  span: Span,
  reading: ErrorReading,
  error: unknown,
  described: ErrorDescription | undefined,
): void {
  recordException(span, error, described);
  if (described?.attributes !== undefined) span.setAttributes(described.attributes);
  if (isExpected(reading, error)) return;
  const message = described?.exception.message ?? errorMessage(error);
  span.setAttribute(ATTR_ERROR_TYPE, described?.errorType ?? errorType(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
