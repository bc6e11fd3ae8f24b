import type { Attributes } from '@opentelemetry/api';
import type { Transferable } from 'node:worker_threads';

/**
 * Options of one call of `TracingService.offload()`.
 *
 * @example
 * ```ts
 * await tracing.offload(resize, { image }, { signal: AbortSignal.timeout(2000), transfer: [image] });
 * ```
 */
export interface OffloadOptions {
  /** Calls the task off: one that waits never starts, one that runs is told through its own signal. Default: none. */
  readonly signal?: AbortSignal;
  /** Milliseconds that a running task has to obey the signal before its worker is ended. Default: the module's `offload.graceMillis`. */
  readonly graceMillis?: number;
  /** Buffers of the input that move to the worker instead of being copied; they are empty here afterwards. Default: none. */
  readonly transfer?: readonly Transferable[];
  /** Further attributes of the span, given at start. Default: none. */
  readonly attributes?: Attributes;
}
