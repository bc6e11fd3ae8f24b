import { ConsoleLogger } from '@nestjs/common';
import type { ConsoleLoggerOptions, LogLevel } from '@nestjs/common';
import type { TraceFields, WhenNoSpan } from './trace-fields.js';
import { flag } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import { readOptions } from '../validation/read-options.js';
import {
  activeSpanContext,
  fieldsWithoutSpan,
  traceFields,
  whenNoSpanCheck,
} from './trace-fields.js';

/**
 * Options of `TraceConsoleLogger`: those of Nest's `ConsoleLogger`, and one more.
 *
 * @example
 * ```ts
 * NestFactory.create(AppModule, { logger: new TraceConsoleLogger({ whenNoSpan: 'omit' }) });
 * ```
 */
export interface TraceConsoleLoggerOptions extends ConsoleLoggerOptions {
  /** Whether to write JSON. Default: true. With false, lines are Nest's own text with the ids behind. */
  json?: boolean;
  /**
   * What a record carries outside of any span. Default: nothing until the first record inside of a
   * span, zeros from then on; in text always nothing.
   */
  whenNoSpan?: WhenNoSpan;
}

/** The options that are not Nest's, which reads its own. */
const schema = optionSchema<Pick<TraceConsoleLoggerOptions, 'json' | 'whenNoSpan'>>()({
  json: flag.default(true),
  whenNoSpan: whenNoSpanCheck,
});

/**
 * Writes as Nest's `ConsoleLogger`, with the active span's `trace_id`, `span_id` and `trace_flags` in
 * every record, for applications that log without pino.
 *
 * Everything else is Nest's: levels, context, stacks, redaction, `colors`, `compact`. Writes JSON by
 * default; with `json: false` the text is that of `ConsoleLogger`, with the ids at the end of the
 * record as `trace_id=… span_id=… trace_flags=…`. In JSON they come first, so that Nest never cuts
 * them off a long record; what a record itself brings under their names (Nest 12's
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
  readonly #withoutSpan: () => Partial<TraceFields>;

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
    const { whenNoSpan: when, json: asJson, ...options } = given;
    const { whenNoSpan, json } = readOptions(schema, { whenNoSpan: when, json: asJson });
    super({ ...options, json });
    this.#withoutSpan = fieldsWithoutSpan(json ? whenNoSpan : (whenNoSpan ?? 'omit'));
  }

  protected override getJsonLogObject(
    message: unknown,
    options: { context: string; logLevel: LogLevel },
  ) {
    return { ...this.#fields(), ...super.getJsonLogObject(message, options) };
  }

  protected override formatMessage(
    ...args: readonly [LogLevel, unknown, string, string, string, string, ...never[]]
  ): string {
    const text = super.formatMessage(...args);
    const ids = Object.entries(this.#fields()).map(([name, id]) => ` ${name}=${id}`);
    return ids.length === 0 ? text : text.replace(/\n?$/, `${ids.join('')}\n`);
  }

  #fields(): Partial<TraceFields> {
    const span = activeSpanContext();
    return span === undefined ? this.#withoutSpan() : traceFields(span);
  }
}
