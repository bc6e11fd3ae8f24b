import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { recordInto, spanSite } from './record.js';
import { SpanRecording } from './recording.js';
import type { SpanSettings } from './span-settings.js';
import { spanOptions } from './span-settings.js';

/**
 * How the span of a function is made.
 *
 * @example
 * ```ts
 * await tracing.span('convert', { attributes: { currency }, result: (rate) => ({ rate }) }, convert);
 * ```
 */
export interface SpanFunctionOptions<T = unknown> extends SpanSettings {
  /** Attributes given at start. */
  readonly attributes?: Attributes;
  /** Attributes of the settled result. */
  readonly result?: (value: Awaited<T>) => Attributes;
}

/** What a function gets where no span is made and none is active. */
const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/**
 * Calls a function inside a span of its own.
 *
 * @throws TypeError if name or function is missing
 */
export function recordFunction<T>(
  name: string,
  options: SpanFunctionOptions<T>,
  fn: ((span: Span) => T) | undefined,
): T {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('span() needs a name, as a text.');
  if (typeof fn !== 'function') throw new TypeError(`span("${name}") needs a function to call.`);
  const site = spanSite();
  if (site === undefined) return fn(trace.getActiveSpan() ?? NO_SPAN);
  const { attributes, result, errors } = options;
  const spec = { name, options: spanOptions(options, attributes), result, errors };
  const recording = new SpanRecording(site.tracer, spec, site.parent);
  return recordInto(recording, spec, fn, undefined, [recording.span]) as T;
}
