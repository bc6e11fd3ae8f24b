import type { FlatAttributes } from '../span/attributes/flat-attributes.interface.js';
import type { SpanSettings } from '../span/span-settings.js';
import type { TracedOptions } from '../decorators/traced.interface.js';

/**
 * Decides about detached work over the limit.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ detached: { maxPending: 100, overflow: 'run-inline' } });
 * ```
 */
export type OverflowPolicy = 'reject' | 'run-inline' | 'drop-oldest';

/**
 * How detached work hangs together with the place it was started in.
 *
 * @example
 * ```ts
 * tracing.detach('mail', { parent: 'child', baggage: ['tenant'] }, () => mailer.send(mail));
 * ```
 */
export interface DetachedSettings {
  /**
   * `link`: a trace of its own with one link to the origin. `child`: a child of the origin, which may
   * end after it. Default: `link`.
   */
  readonly parent?: 'link' | 'child';
  /**
   * `inherit`: sampled as its origin is. `independent`: as any new trace. Has no meaning for a child
   * or without an origin. An SDK that was started elsewhere inherits only if its own sampler is
   * wrapped in a `LinksBasedSampler`. Default: `inherit`.
   */
  readonly sampling?: 'inherit' | 'independent';
  /** Whether the origin's baggage travels: all, none, or the entries of these keys. Default: true. */
  readonly baggage?: boolean | readonly string[];
}

/**
 * Module option `detached`: defaults for all detached work, and its limits.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ detached: { maxConcurrent: 20, maxPending: 500, overflow: 'drop-oldest' } });
 * ```
 */
export interface DetachedModuleOptions {
  /** Tasks that run at the same time; more of them wait. Default: no limit. */
  maxConcurrent?: number;
  /** Tasks that may wait for their turn. Default: 1000. */
  maxPending?: number;
  /**
   * What happens to a task beyond both limits. `reject`: it is refused with a `DetachedRejectedError`.
   * `run-inline`: the caller runs it at once, over the limit. `drop-oldest`: the task that has waited
   * longest is given up in its favour. Default: `reject`.
   */
  overflow?: OverflowPolicy;
  /** Default: `link`. */
  parent?: 'link' | 'child';
  /** Default: `inherit`. */
  sampling?: 'inherit' | 'independent';
  /** Default: true. */
  baggage?: boolean | readonly string[];
}

/**
 * How one task of `TracingService.detach()` is traced.
 *
 * @example
 * ```ts
 * tracing.detach('audit', { attributes: { 'audit.key': key }, sampling: 'independent' }, () => write(key));
 * ```
 */
export interface DetachedOptions extends Omit<SpanSettings, 'root'>, DetachedSettings {
  /** Attributes given at start, so that samplers see them. */
  readonly attributes?: FlatAttributes;
}

/**
 * How a `@Detached` method is traced; `Args` are the method's parameters.
 *
 * @example
 * ```ts
 * @Detached({ attributes: (order: Order) => ({ 'order.id': order.id }), parent: 'child' })
 * async notify(order: Order): Promise<void> {}
 * ```
 */
export interface DetachedMethodOptions<Args extends readonly unknown[] = readonly never[]>
  extends Omit<TracedOptions<Args>, 'result' | 'root'>, DetachedSettings {}

/**
 * A handle on detached work.
 *
 * @example
 * ```ts
 * const task = this.tracing.detach('index', ({ signal }) => this.search.index(order, signal));
 * logger.log(`indexing in trace ${task.traceId}`);
 * order.onDelete(() => task.cancel('deleted'));
 * ```
 */
export interface DetachedTask {
  /** The trace id of the task's span; zeros where no span is made. */
  readonly traceId: string;
  /** The id of the task's span; zeros where no span is made. */
  readonly spanId: string;
  /** Resolves when the task has ended, whatever came of it. Never rejects. */
  readonly done: Promise<void>;
  /** Aborts the task's signal; a task that has not begun never will. Later calls do nothing. */
  cancel(reason?: unknown): void;
}

/**
 * How a task ended.
 *
 * @example
 * ```ts
 * const failed = tracing.stats().detached.ended.error;
 * ```
 */
export type DetachedOutcome = 'ok' | 'error' | 'cancelled' | 'not_started' | 'abandoned';

/**
 * Detached work since the module started. Scheduled runs and event handlers are not in it.
 *
 * @example
 * ```ts
 * const { running, pending, ended } = tracing.stats().detached;
 * ```
 */
export interface DetachedStats {
  /** Tasks that run now. */
  readonly running: number;
  /** Tasks that wait for their turn. */
  readonly pending: number;
  /** Tasks that have ended, by outcome. */
  readonly ended: Readonly<Record<DetachedOutcome, number>>;
  /** How often the limit was met, by what it led to. */
  readonly overflow: Readonly<Record<OverflowPolicy, number>>;
  /** Tasks that came after the stop and were refused. */
  readonly refused: number;
}
