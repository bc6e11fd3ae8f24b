import type { Logger, LoggerOptions } from 'pino';
import type { WhenNoSpan } from '../logs/trace-fields.js';
import { fieldsWithoutSpan, traceFields, whenNoSpanCheck } from '../logs/trace-fields.js';
import { callback } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import { readOptions } from '../validation/read-options.js';
import { RequestRecords } from './request-records.js';

/**
 * How log records name their span.
 *
 * @example
 * ```ts
 * LoggerModule.forRoot(withTraceContext({ pinoHttp: {} }, { whenNoSpan: 'omit' }));
 * ```
 */
export interface TraceContextOptions {
  /**
   * What a record carries outside of any span: zeros, or none of the fields. Default: none until the
   * first record inside of a span, zeros from then on.
   */
  readonly whenNoSpan?: WhenNoSpan | undefined;
}

/**
 * Options of `traceMixin()`.
 *
 * @example
 * ```ts
 * pino({ mixin: traceMixin({ mixin: () => ({ tenant: tenantOf(context.active()) }) }) });
 * ```
 */
export interface TraceMixinOptions<
  CustomLevels extends string = never,
> extends TraceContextOptions {
  /** Your own mixin, called for every record as pino would call it. Default: none. */
  readonly mixin?: LoggerOptions<CustomLevels>['mixin'] | undefined;
}

const schema = optionSchema<TraceMixinOptions>()({
  whenNoSpan: whenNoSpanCheck,
  mixin: callback<NonNullable<TraceMixinOptions['mixin']>>().optional(),
});

/**
 * A pino mixin, of whatever levels the logger has.
 *
 * @example
 * ```ts
 * const mixin: TraceMixin = traceMixin();
 * const logger = pino({ mixin });
 * ```
 */
export type TraceMixin = (mergeObject: object, level: number, logger: unknown) => object;

/**
 * A pino mixin that gives every record the `trace_id`, `span_id` and `trace_flags` of the span that
 * is active where it is written.
 *
 * pino merges it like any mixin: with the default strategy what the log call itself brings wins,
 * `mixinMergeStrategy`, formatters and redaction apply, child loggers have it, and under `nestedKey`
 * the fields are nested with the others. Over your own mixin's fields of the same names those of an
 * active span win; outside of any, yours do.
 *
 * For pino on its own and for Fastify's own logger, whose line that closes a request carries the span
 * that was active when the request came. With nestjs-pino use `withTraceContext()`, which sees to the
 * same for pino-http.
 *
 * @param options `mixin` to compose with, `whenNoSpan`
 * @throws TracingConfigurationError if `mixin` is not a function or `whenNoSpan` not one of its values
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
 *
 * @example
 * ```ts
 * const logger = pino({ mixin: traceMixin({ mixin: () => ({ region: 'eu' }) }) });
 * ```
 */
export function traceMixin<CustomLevels extends string = never>(
  options: TraceMixinOptions<CustomLevels> = {},
): TraceMixin {
  const { mixin } = options;
  const withoutSpan = fieldsWithoutSpan(readOptions(schema, options).whenNoSpan);
  const spans = new RequestRecords();
  // Each result is a new object, because pino merges the record into it.
  if (mixin === undefined) {
    return (record) => {
      const span = spans.of(record);
      return span === undefined ? { ...withoutSpan() } : traceFields(span);
    };
  }
  return (record, level, logger) => {
    const theirs = mixin(record, level, logger as Logger<CustomLevels>);
    const span = spans.of(record);
    return span === undefined
      ? { ...withoutSpan(), ...theirs }
      : { ...theirs, ...traceFields(span) };
  };
}
