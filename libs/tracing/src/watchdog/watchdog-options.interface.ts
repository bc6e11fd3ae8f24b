/**
 * How the event loop is watched: the module's option `watchdog`.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ watchdog: { thresholdMillis: 250 } });
 * ```
 */
export interface WatchdogOptions {
  /**
   * Milliseconds that the event loop may be blocked before it is reported, 20 at least. Default: 100.
   */
  thresholdMillis?: number;
}
