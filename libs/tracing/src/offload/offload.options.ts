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
  /**
   * Calls the task off: one that waits never starts, one that runs is told through its own signal.
   * Default: none.
   */
  readonly signal?: AbortSignal;
  /** Milliseconds until the task is called off, as by the signal. Default: none. */
  readonly timeoutMillis?: number;
  /**
   * Milliseconds that a running task has to obey the signal before its worker is ended. Default: the
   * module's `offload.graceMillis`.
   */
  readonly graceMillis?: number;
  /**
   * Buffers of the input that move to the worker instead of being copied; they are empty here
   * afterwards. Default: none.
   */
  readonly transfer?: readonly Transferable[];
  /**
   * How often the task may be tried, where the backend repeats failed tasks: BullMQ. Default: the
   * backend's.
   */
  readonly attempts?: number;
  /** Further attributes of the span, given at start. Default: none. */
  readonly attributes?: Attributes;
}

/**
 * Options of one call of `TracingService.enqueue()`.
 *
 * @example
 * ```ts
 * await tracing.enqueue(invoice, { order: 7 }, { delayMillis: 60_000, attempts: 5, id: 'invoice-7' });
 * ```
 */
export interface EnqueueOptions {
  /** Milliseconds before it may start. Default: 0. */
  readonly delayMillis?: number;
  /** How often it may be tried. Default: the backend's. */
  readonly attempts?: number;
  /**
   * An id of your own: while a job of that id exists, it is not queued again. Default: a new one.
   */
  readonly id?: string;
  /** Further attributes of the span, given at start. Default: none. */
  readonly attributes?: Attributes;
}

/**
 * A task that was handed over.
 *
 * @example
 * ```ts
 * const { id, queue } = await tracing.enqueue(invoice, { order: 7 });
 * logger.log(`job ${id} is in ${queue}`);
 * ```
 */
export interface EnqueuedTask {
  /** The id of its job. */
  readonly id: string;
  /** The name of the queue that it is in. */
  readonly queue: string;
}
