import { trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { CallOptions } from '../validation/call-options.js';
import { attributesOf, callback } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import type { FlatAttributes } from './attributes/flat-attributes.interface.js';
import { NO_SPAN } from './no-span.js';
import { recordInto } from './record.js';
import { spanSite } from './span-site.js';
import { SpanRecording } from './recording.js';
import type { SpanSettings } from './span-settings.js';
import { spanSettingChecks } from './span-setting-checks.js';
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
  readonly attributes?: FlatAttributes;
  /** Attributes of the settled result. */
  readonly result?: (value: Awaited<T>) => FlatAttributes;
}

const spanFunctionOptions = new CallOptions(
  optionSchema<SpanFunctionOptions>()({
    attributes: attributesOf<FlatAttributes>().optional(),
    result: callback<NonNullable<SpanFunctionOptions['result']>>().optional(),
    ...spanSettingChecks,
  }),
);

/**
 * Calls a function inside a span of its own.
 *
 * @throws TypeError if name or function is missing, or an option is unknown or wrong
 */
export function recordFunction<T>(
  name: string,
  options: SpanFunctionOptions<T>,
  fn: ((span: Span) => T) | undefined,
): T {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('span() needs a name, as a text.');
  if (typeof fn !== 'function') throw new TypeError(`span("${name}") needs a function to call.`);
  spanFunctionOptions.assert(options as SpanFunctionOptions, 'span', name);
  const site = spanSite();
  if (site === undefined) return fn(trace.getActiveSpan() ?? NO_SPAN);
  const { attributes, result, errors } = options;
  const spec = { name, options: spanOptions(options, attributes), result, errors };
  const recording = new SpanRecording(site.tracer, spec, site.parent);
  return recordInto(recording, spec, fn, undefined, [recording.span]) as T;
}
