/**
 * What the watchdog has seen: `TracingService.stats().watchdog`.
 *
 * @example
 * ```ts
 * const { stalls, blockedMillis } = this.tracing.stats().watchdog;
 * this.metrics.set('event_loop_stalls', stalls);
 * this.metrics.set('event_loop_blocked_ms', blockedMillis);
 * ```
 */
export interface WatchdogStats {
  /** Whether it watches. */
  readonly isOn: boolean;
  /** Stalls of the event loop of at least the threshold. */
  readonly stalls: number;
  /** How long they were together, in milliseconds. */
  readonly blockedMillis: number;
  /** Stalls in which nobody could be named. */
  readonly unattributed: number;
  /** How often this thread was asked where it is. */
  readonly pokes: number;
  /** Warnings that were held back, because there are too many of them. */
  readonly warningsHeldBack: number;
}

/** Of a watchdog that is off. */
export const NO_WATCHDOG_STATS: WatchdogStats = {
  isOn: false,
  stalls: 0,
  blockedMillis: 0,
  unattributed: 0,
  pokes: 0,
  warningsHeldBack: 0,
};
