import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import type { HealthIndicatorResult } from '@nestjs/terminus';
import { TracingConfigurationError } from '../configuration.error.js';
import { TracingService } from '../tracing.service.js';
import { assessExport, totalLost } from './assess-export.js';
import { DropWindow } from './drop-window.js';
import type { TracingHealthOptions } from './health-options.js';
import { resolveHealthOptions } from './health-options.js';

/**
 * Tells `@nestjs/terminus` whether spans reach the collector.
 *
 * Down (or degraded) while the collector has been away for too long, the queue is too full, or spans
 * were lost of late; up otherwise, and always with the numbers. A check reads what is known already:
 * it sends nothing and waits for nothing. A service whose spans are lost still serves its users: take
 * this for a check that alerts, or `whenFailing: 'degraded'`, before a readiness probe.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [TerminusModule],
 *   controllers: [HealthController],
 *   providers: [TracingHealthIndicator],
 * })
 * export class HealthModule {}
 *
 * @Get('health')
 * @HealthCheck()
 * check() {
 *   return this.health.check([() => this.tracing.check('tracing', { maxAwayMillis: 30_000 })]);
 * }
 * ```
 */
@Injectable()
export class TracingHealthIndicator {
  readonly #tracing: TracingService;
  readonly #indicators: HealthIndicatorService;
  readonly #windows = new Map<string, DropWindow>();

  constructor(
    @Inject(TracingService) tracing: TracingService,
    @Inject(HealthIndicatorService) indicators: HealthIndicatorService,
  ) {
    this.#tracing = tracing;
    this.#indicators = indicators;
  }

  /**
   * @param key the name of the check in the answer. Lost spans are counted for each key on its own
   * @param options from when on the export is not healthy
   * @returns the status, with a `TracingHealth`
   * @throws TracingConfigurationError if an option cannot be used
   */
  check<const Key extends string = 'tracing'>(
    key: Key = 'tracing' as Key,
    options: TracingHealthOptions = {},
  ): HealthIndicatorResult<Key> {
    const resolved = resolveHealthOptions(options);
    const indicator = this.#indicators.check(key);
    const stats = this.#tracing.stats();
    const lost = totalLost(stats.spans);
    const late = this.#windowOf(key).grownBy(lost, resolved.windowMillis, performance.now());
    const health = { ...assessExport(stats, late, resolved) };
    if (health.reasons === undefined) return indicator.up(health);
    if (resolved.whenFailing === 'down') return indicator.down(health);
    if (typeof (indicator as Partial<typeof indicator>).degraded !== 'function') {
      throw new TracingConfigurationError('whenFailing', '"degraded" needs @nestjs/terminus 12');
    }
    return indicator.degraded(health);
  }

  #windowOf(key: string): DropWindow {
    const known = this.#windows.get(key) ?? new DropWindow();
    this.#windows.set(key, known);
    return known;
  }
}
