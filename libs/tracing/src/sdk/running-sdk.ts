import type { ExportStats } from '../export/accounts/export-state.js';
import type { WatchdogStats } from '../watchdog/watchdog-stats.interface.js';
import type { SpanStats } from '../export/accounts/span-accounts.js';
import type { SamplingStats } from '../tracer/sampling/sampling-rule.js';

/** What the module holds of the SDK, whoever started it. */
export interface RunningSdk {
  /** Whose SDK it is: started by this package, registered before by somebody else, or none at all. */
  readonly origin: 'own' | 'adopted' | 'none';
  /** Whether its sampler is known to follow an unsampled local parent. */
  readonly followsLocalParent: boolean;
  /** Exports what has ended so far; an SDK of ours holds nothing once the time is up. */
  flush(timeoutMillis: number): Promise<void>;
  /**
   * Flushes, and shuts the SDK down if this package started it and nobody else uses it.
   *
   * @param timeoutMillis how long the export may take for it
   */
  stop(timeoutMillis: number): Promise<void>;
  stats(): SpanStats;
  exportStats(): ExportStats;
  /** What rules of sampling have left out; none where there are none. */
  samplingStats(): readonly SamplingStats[];
  /** Begins to watch the event loop, if that is asked for: the application has started. */
  watch(): void;
  watchdogStats(): WatchdogStats;
}
