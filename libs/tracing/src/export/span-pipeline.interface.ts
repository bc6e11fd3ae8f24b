import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { OpenSpans } from '../watchdog/open-spans.js';
import type { ExportStats } from './accounts/export-state.js';
import type { SpanStats } from './accounts/span-accounts.js';

/** Everything between a span's end and the collector. */
export interface SpanPipeline {
  readonly processor: SpanProcessor;
  /** The spans that are open, if it keeps them. */
  readonly open: OpenSpans | undefined;
  /** Sends what has ended so far; holds nothing once the time is up. */
  flush(timeoutMillis: number): Promise<void>;
  /** Begins the end with a time limit of its own: the processor's `shutdown`, which has none, joins it. */
  stop(timeoutMillis: number): Promise<void>;
  stats(): SpanStats;
  exportStats(): ExportStats;
}
