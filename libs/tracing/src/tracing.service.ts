import type { EventEmitter } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { bindEmitter } from './context/bind-emitter.js';
import { bind } from './context/bind.js';
import { isolated } from './context/isolated.js';
import type { SpanStats } from './export/span-accounts.js';
import { legalAttributes } from './span/attributes.js';
import type { SpanFunctionOptions } from './span/span-function.js';
import { recordFunction } from './span/span-function.js';
import { TracingHost } from './tracing.host.js';

/** What `TracingService.stats()` answers. */
export interface TracingStats {
  /** Spans since the module started. All zero if the SDK is not this package's. */
  readonly spans: SpanStats;
}

/**
 * Traces by hand what a decorator cannot: a part of a method, work that runs elsewhere or later.
 *
 * @example
 * ```ts
 * const rate = await this.tracing.span('convert currency', async (span) => {
 *   span.setAttribute('currency', 'EUR');
 *   return this.rates.today('EUR');
 * });
 * ```
 */
@Injectable()
export class TracingService {
  readonly #host: TracingHost;

  constructor(@Inject(TracingHost) host: TracingHost) {
    this.#host = host;
  }

  /** The span that is active here, or undefined outside of any. */
  get activeSpan(): Span | undefined {
    return trace.getActiveSpan();
  }

  /**
   * Sets attributes on the active span; without one it does nothing. Values are made legal as those
   * of `@Traced` are, objects are dropped.
   */
  setAttributes(attributes: Attributes): void {
    trace.getActiveSpan()?.setAttributes(legalAttributes(attributes));
  }

  /**
   * Calls a function inside a span and answers what it returns.
   *
   * The span starts before the call and ends when the result has settled, as with `@Traced`. What
   * the function throws is recorded and reaches the caller unchanged. Without an SDK, or under a
   * sampled-out parent, the function gets a span that records nothing.
   *
   * @param name the span's name
   * @param options kind, attributes, links, root, result attributes, error policy
   * @param fn the work; it gets the span
   *
   * @example
   * ```ts
   * await tracing.span('charge', { attributes: { 'order.id': id } }, () => this.payments.charge(id));
   * ```
   */
  span<T>(name: string, fn: (span: Span) => T): T;
  span<T>(name: string, options: SpanFunctionOptions<T>, fn: (span: Span) => T): T;
  span<T>(
    name: string,
    optionsOrFn: SpanFunctionOptions<T> | ((span: Span) => T),
    fn?: (span: Span) => T,
  ): T {
    return typeof optionsOrFn === 'function'
      ? recordFunction(name, {}, optionsOrFn)
      : recordFunction(name, optionsOrFn, fn);
  }

  /**
   * Runs a function in an independent snapshot of the async context: it sees the caller's trace and
   * baggage as they are, and nothing it sets is seen outside, `enterWith` of any AsyncLocalStorage
   * included. Objects held in a store are shared, not copied. No span is opened.
   */
  isolated<T>(fn: () => T): T {
    return isolated(fn);
  }

  /**
   * Binds a function to the async context of here, for callbacks that somebody else will call, later
   * or elsewhere: queues, emitters, pools. `this`, name and length stay.
   *
   * @throws TypeError if it is given no function
   */
  bind<F extends (...args: never[]) => unknown>(fn: F): F {
    return bind(fn);
  }

  /**
   * Makes an emitter run its listeners in the context they are added in, or, where no span is active
   * then, in the context of this call. Affects listeners added from now on, on this emitter alone.
   *
   * @throws TypeError if it is given no emitter
   */
  bindEmitter<E extends EventEmitter>(emitter: E): E {
    return bindEmitter(emitter);
  }

  /** What became of the spans so far: a frozen snapshot. */
  stats(): TracingStats {
    return Object.freeze({ spans: this.#host.stats() });
  }

  /**
   * Exports the spans that have ended. Never rejects; an export that fails or is late is logged.
   *
   * @param timeoutMillis milliseconds to wait at most. Default: `shutdownTimeoutMillis`
   */
  flush(timeoutMillis: number = this.#host.shutdownTimeoutMillis): Promise<void> {
    return this.#host.flush(timeoutMillis);
  }
}
