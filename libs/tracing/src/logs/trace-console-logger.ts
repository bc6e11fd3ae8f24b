import { ConsoleLogger } from '@nestjs/common';
import type { ConsoleLoggerOptions, LogLevel } from '@nestjs/common';
import type { TraceFields, WhenNoSpan } from './trace-fields.js';
import { activeSpanContext, fieldsWithoutSpan, traceFields } from './trace-fields.js';

/**
 * Options of `TraceConsoleLogger`: those of Nest's `ConsoleLogger`, and one more.
 *
 * @example
 * ```ts
 * NestFactory.create(AppModule, { logger: new TraceConsoleLogger({ whenNoSpan: 'omit' }) });
 * ```
 */
export interface TraceConsoleLoggerOptions extends ConsoleLoggerOptions {
  /** Whether to write JSON. Default: true. With false, lines are Nest's own text, without ids. */
  json?: boolean;
  /** What a record carries outside of any span. Default: `zeros`. */
  whenNoSpan?: WhenNoSpan;
}

/**
 * Nest's `ConsoleLogger` with the active span's `trace_id`, `span_id` and `trace_flags` in every
 * JSON record, for applications that log without pino.
 *
 * Everything else is Nest's: levels, context, stacks, redaction, `colors`, `compact`. Writes JSON by
 * default; with `json: false` the text is exactly that of `ConsoleLogger`. The ids come first, so that
 * Nest never cuts them off a long record; what a record itself brings under their names (Nest 12's
 * `flattenParams`) wins. Needs `@nestjs/common` 11.1.4; older ones write their records without ids.
 *
 * @throws TracingConfigurationError if `whenNoSpan` is neither `zeros` nor `omit`
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
 *
 * @example
 * ```ts
 * const app = await NestFactory.create(AppModule, { logger: new TraceConsoleLogger() });
 * // {"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","trace_flags":"01",
 * //  "level":"log","pid":1,"timestamp":1765305000999,"message":"found","context":"LookupService"}
 * ```
 */
export class TraceConsoleLogger extends ConsoleLogger {
  readonly #withoutSpan: Partial<TraceFields>;

  constructor();
  constructor(context: string);
  constructor(options: TraceConsoleLoggerOptions);
  constructor(context: string, options: TraceConsoleLoggerOptions);
  constructor(
    contextOrOptions: string | TraceConsoleLoggerOptions = {},
    maybeOptions: TraceConsoleLoggerOptions = {},
  ) {
    const given =
      typeof contextOrOptions === 'string'
        ? { ...maybeOptions, context: contextOrOptions }
        : { ...maybeOptions, ...contextOrOptions };
    const { whenNoSpan, ...options } = given;
    super({ ...options, json: options.json ?? true });
    this.#withoutSpan = fieldsWithoutSpan(whenNoSpan);
  }

  protected override getJsonLogObject(
    message: unknown,
    options: { context: string; logLevel: LogLevel },
  ) {
    const span = activeSpanContext();
    const fields = span === undefined ? this.#withoutSpan : traceFields(span);
    return { ...fields, ...super.getJsonLogObject(message, options) };
  }
}
