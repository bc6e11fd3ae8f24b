/**
 * How many spans one local root may have: the first span that this process makes of a trace, with all that
 * is below it. Beyond the limits calls run as ever, without spans; the root says how many there would have
 * been (`async.spans.dropped`, `async.spans.collapsed`), and so does `TracingService.stats()`.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ spanBudget: { perTrace: 500, hardLimit: 2000 } });
 * ```
 */
export interface SpanBudgetOptions {
  /**
   * Spans of one local root, from which on spans that nobody has asked for are left out: those of providers,
   * entities, field resolvers and dataloaders. `Infinity` for no limit. Default: 1000.
   */
  perTrace?: number;
  /**
   * Spans of one local root, from which on every span is left out, those of `@Traced()`, of instrumentations
   * and of your own among them. A loop ends them faster than they leave, so that a limit above
   * `batch.maxQueueSize` costs other traces their spans. `Infinity` for no limit. Default: three quarters
   * of `batch.maxQueueSize`, at least `perTrace`.
   */
  hardLimit?: number;
  /**
   * Calls of one name under one parent that have spans of their own; the others have one together.
   * `Infinity` for no limit. Default: 20.
   */
  collapseAfter?: number;
  /** Failed calls beyond `collapseAfter` that have spans of their own all the same. Default: 10. */
  maxErrors?: number;
}
