import type { Params } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import type { Options } from 'pino-http';
import { withTraceMixin } from './given-logger.js';
import { withRequestSpan } from './request-hooks.js';
import type { TraceContextOptions } from './trace-mixin.js';
import { traceMixin } from './trace-mixin.js';

type PinoHttp = NonNullable<Params['pinoHttp']>;

/**
 * nestjs-pino's parameters with trace ids: every record carries the `trace_id`, `span_id` and
 * `trace_flags` of the span that is active where it is written, and the line that closes a request
 * ("request completed", "request errored", "request aborted") those of the span that was active when
 * pino-http's middleware ran, which is the request's SERVER span.
 *
 * Takes and returns what `LoggerModule.forRoot()` takes, also inside a `forRootAsync()` factory. What
 * it is given is not changed; mixin, hooks, formatters and stream of yours go on working. A logger of
 * your own (`pinoHttp.logger`) is written through and not changed either.
 *
 * With `useExisting: true` nestjs-pino logs requests through the logger of the Fastify adapter, made
 * before: give that one `traceMixin()` as its `mixin`.
 *
 * @param params nestjs-pino's parameters. Default: `{}`
 * @param options `whenNoSpan`: zeros or no fields outside of any span (default: none before the
 * first record inside of one, zeros from then on)
 * @throws TracingConfigurationError if `pinoHttp.logger` is not pino's, `pinoHttp.mixin` not a
 * function or `whenNoSpan` not one of its values
 *
 * @example
 * ```ts
 * LoggerModule.forRoot(withTraceContext({ pinoHttp: { level: 'debug' } }))
 *
 * LoggerModule.forRootAsync({
 *   inject: [ConfigService],
 *   useFactory: (config: ConfigService) =>
 *     withTraceContext({ pinoHttp: { level: config.get('LOG_LEVEL') } }),
 * })
 * ```
 */
export function withTraceContext(params?: Params, options?: TraceContextOptions): Params;
export function withTraceContext<P extends { pinoHttp?: unknown }>(
  params: P,
  options?: TraceContextOptions,
): P;
export function withTraceContext(params: Params = {}, options: TraceContextOptions = {}): Params {
  return { ...params, pinoHttp: tracePinoHttp(params.pinoHttp ?? {}, options) };
}

function tracePinoHttp(given: PinoHttp, options: TraceContextOptions): PinoHttp {
  if (Array.isArray(given)) return [traceOptions(given[0], options), given[1]];
  if (isStream(given)) return [traceOptions({}, options), given];
  return traceOptions(given, options);
}

function traceOptions(given: Options, options: TraceContextOptions): Options {
  const { logger, mixin } = given;
  const traced =
    logger === undefined
      ? { mixin: traceMixin({ ...options, mixin }) }
      : { logger: withTraceMixin(logger, options) };
  return withRequestSpan({ ...given, ...traced });
}

/** As nestjs-pino tells a stream from options. */
function isStream(given: Options | DestinationStream): given is DestinationStream {
  return 'write' in given && typeof given.write === 'function';
}
