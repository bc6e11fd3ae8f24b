import type { Logger, LoggerOptions } from 'pino';
import { TracingConfigurationError } from '../configuration.error.js';
import type { TraceContextOptions } from './trace-mixin.js';
import { traceMixin } from './trace-mixin.js';

type MixinSlot = Record<symbol, LoggerOptions['mixin']>;

/**
 * A logger that writes through the given one and adds the trace fields. The given one is left alone.
 *
 * `child()` takes no mixin, so this does what `child()` does inside: an object with the logger as its
 * prototype, and a mixin of its own. pino keeps it under `pino.symbols.mixinSym`; the symbol is found
 * by its description, as the logger may come from another copy of pino than anyone here would load.
 *
 * @throws TracingConfigurationError if it is no pino logger
 */
export function withTraceMixin(logger: Logger, options: TraceContextOptions): Logger {
  const slot = mixinSymbol(logger);
  if (slot === undefined) {
    throw new TracingConfigurationError(
      'pinoHttp.logger',
      'is not a logger made by pino(), so no trace ids can be added to it. Give withTraceContext() ' +
        "the logger's options in its place (pinoHttp: { level, transport, ... }), or make it with " +
        'pino({ mixin: traceMixin() }) and pass the params without withTraceContext().',
    );
  }
  const mixin = (logger as unknown as MixinSlot)[slot];
  const value = traceMixin({ ...options, mixin });
  return Object.create(logger, {
    [slot]: { value, writable: true, configurable: true },
  }) as Logger;
}

function mixinSymbol(logger: object): symbol | undefined {
  for (let at: object | null = logger; at !== null; at = Object.getPrototypeOf(at) as object) {
    const found = Object.getOwnPropertySymbols(at).find(
      ({ description }) => description === 'pino.mixin',
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
