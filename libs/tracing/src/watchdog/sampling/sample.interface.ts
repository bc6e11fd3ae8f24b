import type { Context } from '@opentelemetry/api';
import type { Capture } from './capture.js';

/** What the blocked thread said when it was asked. */
export interface Sample {
  /** By `performance.now()`: when the watcher asked, and when this thread came to answer. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** Processor time that was used until then, in milliseconds since the process began. */
  readonly cpuMillis: number;
  /** What was active then. */
  readonly context: Context;
  readonly stack: Capture;
}
