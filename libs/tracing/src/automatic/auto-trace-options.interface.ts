import type { Type } from '@nestjs/common';

/**
 * Names classes of the application: one of them, or all of a module by the module's class; those behind a
 * token, a text or symbol; or single methods, by a pattern of `Class.method`.
 *
 * @example
 * ```ts
 * const selectors: AutoTraceSelector[] = [OrdersModule, PricingService, 'MAILER', /^Cart\.(add|remove)$/];
 * ```
 */
export type AutoTraceSelector =
  Type | (abstract new (...args: never[]) => unknown) | string | symbol | RegExp;

/**
 * Which classes get spans without a decorator.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ autoTrace: { exclude: [HealthModule, /\.isReady$/], enhancers: true } });
 * ```
 */
export interface AutoTraceOptions {
  /**
   * Traces only these. A class of a library is traced if it is named itself, or its token. Default: every
   * provider and controller whose class is the application's own.
   */
  include?: readonly AutoTraceSelector[];
  /** Does not trace these, included or not. Default: none. */
  exclude?: readonly AutoTraceSelector[];
  /**
   * Whether each call of a guard, interceptor, pipe, exception filter or middleware class has a span as
   * well. Default: false.
   */
  enhancers?: boolean;
  /**
   * How many milliseconds a call that returns its result at once must take to have a span; one that fails
   * has it anyway. What is done in a call without a span belongs to its parent. Default: 0, all have one.
   */
  minDurationMillis?: number;
}
