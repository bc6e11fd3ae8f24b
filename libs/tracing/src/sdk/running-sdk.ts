import type { ExportStats } from '../export/export-state.js';
import type { SpanStats } from '../export/span-accounts.js';

/** What the module holds of the SDK, whoever started it. */
export interface RunningSdk {
  /** Whose SDK it is: started by this package, registered before by somebody else, or none at all. */
  readonly origin: 'own' | 'adopted' | 'none';
  /** Whether its sampler is known to follow an unsampled local parent. */
  readonly followsLocalParent: boolean;
  /** Exports what has ended so far. */
  flush(): Promise<void>;
  /**
   * Flushes, and shuts the SDK down if this package started it and nobody else uses it.
   *
   * @param timeoutMillis how long the export may take for it
   */
  stop(timeoutMillis: number): Promise<void>;
  stats(): SpanStats;
  exportStats(): ExportStats;
}
