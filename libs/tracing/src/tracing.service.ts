import type { EventEmitter } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { bindEmitter } from './context/bind-emitter.js';
import { bind } from './context/bind.js';
import { isolated } from './context/isolated.js';
import { detach } from './detached/detach.js';
import type {
  DetachedOptions,
  DetachedStats,
  DetachedTask,
} from './detached/detached.interface.js';
import type { ExportStats } from './export/accounts/export-state.js';
import type { SamplingStats } from './tracer/sampling/sampling-rule.js';
import type { SpanStats } from './export/accounts/span-accounts.js';
import type { OffloadStats } from './offload/caller/offload-counts.js';
import type { JsonInput } from './offload/wire/json-value.js';
import type { EnqueueOptions, EnqueuedTask, OffloadOptions } from './offload/offload.options.js';
import type { WorkerTask } from './offload/task/task.interface.js';
import { enclosingSignal } from './context/enclosing-work.js';
import type { GroupOptions, TaskFunction } from './group/group.interface.js';
import type { ItemFunction, Items } from './group/map-items.js';
import { mapItems, settleItems } from './group/map-items.js';
import type { GroupBody } from './group/run-group.js';
import { runGroup } from './group/run-group.js';
import { legalAttributes } from './span/attributes/legal-attributes.js';
import type { FlatAttributes } from './span/attributes/flat-attributes.interface.js';
import type { SpanFunctionOptions } from './span/span-function.js';
import { recordFunction } from './span/span-function.js';
import type { WatchdogStats } from './watchdog/watchdog-stats.interface.js';
import { TracingHost } from './tracing.host.js';

/**
 * Counts what became of spans, detached work and offloaded calls; see `TracingService.stats()`.
 *
 * @example
 * ```ts
 * const { spans, detached } = this.tracing.stats();
 * this.metrics.set('spans_queued', spans.queued);
 * this.metrics.set('detached_running', detached.running);
 * ```
 */
export interface TracingStats {
  /** Spans since the module started. All zero if the SDK is not this package's. */
  readonly spans: SpanStats;
  /** What rules of sampling have left out since the start; empty without `rules` and `keepErrors`. */
  readonly sampling: readonly SamplingStats[];
  /** How the export goes at this moment. */
  readonly export: ExportStats;
  /** Offloaded calls since the module started. */
  readonly offload: OffloadStats;
  /** Detached work since the module started. */
  readonly detached: DetachedStats;
  /** What the watchdog has seen of a blocked event loop. */
  readonly watchdog: WatchdogStats;
}

/**
 * Traces by hand what a decorator cannot: a part of a method, work that runs elsewhere or later.
 *
 * @example
 * ```ts
 * const rate = await this.tracing.span('convert currency', async (span) => {
 *   span.setAttribute('currency', 'EUR');
 *   return this.rates.today('EUR');
 * });
 * ```
 */
@Injectable()
export class TracingService {
  readonly #host: TracingHost;

  constructor(@Inject(TracingHost) host: TracingHost) {
    this.#host = host;
  }

  /** The span that is active here, or undefined outside of any. */
  get activeSpan(): Span | undefined {
    return trace.getActiveSpan();
  }

  /**
   * The signal that calls off the work of here: that of the innermost group, task or detached task,
   * or undefined outside of any. For code below a task that is not handed its signal, such as the
   * body of a `@Detached` method.
   */
  get signal(): AbortSignal | undefined {
    return enclosingSignal();
  }

  /**
   * Sets attributes on the active span; without one it does nothing. Values are made legal as those
   * of `@Traced` are, objects are dropped.
   */
  setAttributes(attributes: FlatAttributes): void {
    trace.getActiveSpan()?.setAttributes(legalAttributes(attributes));
  }

  /**
   * Calls a function inside a span and returns what it returns.
   *
   * The span starts before the call and ends when the result has settled, as with `@Traced`. What
   * the function throws is recorded and reaches the caller unchanged. Without an SDK, or under a
   * sampled-out parent, the function gets a span that records nothing.
   *
   * @param name the span's name
   * @param options kind, attributes, links, root, result attributes, error policy
   * @param fn the work; it gets the span
   *
   * @example
   * ```ts
   * await tracing.span('charge', { attributes: { 'order.id': id } }, () => this.payments.charge(id));
   * ```
   */
  span<T>(name: string, fn: (span: Span) => T): T;
  span<T>(name: string, options: SpanFunctionOptions<T>, fn: (span: Span) => T): T;
  span<T>(
    name: string,
    optionsOrFn: SpanFunctionOptions<T> | ((span: Span) => T),
    fn?: (span: Span) => T,
  ): T {
    return typeof optionsOrFn === 'function'
      ? recordFunction(name, {}, optionsOrFn)
      : recordFunction(name, optionsOrFn, fn);
  }

  /**
   * Starts work that nobody waits for, in a trace of its own with one link to the active span, and
   * goes on at once. The module holds on to it and waits for it when the application stops.
   *
   * The span starts with this call, the function is called as soon as the caller has gone on (or when
   * its turn comes, if `detached.maxConcurrent` is reached), and the span ends when its result has
   * settled. The origin's span gets an event with the ids of the new trace. The function sees the
   * caller's AsyncLocalStorage stores; of OpenTelemetry's context only baggage comes along. What it
   * throws is recorded as an error and logged once, with its trace id, and reaches nobody else; an
   * HTTP exception too is an error here, unless the module's `errors` says otherwise.
   *
   * Where the shutdown's time is up, the task's signal aborts; a task that does not obey is ended as
   * abandoned and named in the log.
   *
   * @param name the span's name, and the task's in every message
   * @param options attributes, kind, further links, error policy; `parent` (default `link`),
   * `sampling` (default `inherit`) and `baggage` (default true) go before the module's
   * @param fn the work; it gets its span and signal
   * @returns a handle, whose `done` never rejects
   * @throws TypeError if name or function is missing, or an option is unknown
   * @throws DetachedRejectedError after the stop, or if the limits are reached and `detached.overflow`
   * refuses the task
   * @see https://opentelemetry.io/docs/specs/otel/overview/#links-between-spans
   *
   * @example
   * ```ts
   * tracing.detach('audit', { attributes: { 'audit.key': key } }, () => this.audits.write(key));
   * ```
   */
  detach<T>(name: string, fn: TaskFunction<T>): DetachedTask;
  detach<T>(name: string, options: DetachedOptions, fn: TaskFunction<T>): DetachedTask;
  detach(
    name: string,
    optionsOrFn: DetachedOptions | TaskFunction<unknown>,
    fn?: TaskFunction<unknown>,
  ): DetachedTask {
    return typeof optionsOrFn === 'function'
      ? detach(this.#host.detached, name, {}, optionsOrFn)
      : detach(this.#host.detached, name, optionsOrFn, fn);
  }

  /**
   * Runs a body that spawns children, waits for all of them, and returns what the body returns.
   *
   * The group's span starts before the body and ends after the last child, also if the body returned
   * long before; the children's spans are its children. The first failure, of a child or of the body,
   * aborts `group.signal`: queued children never start, running ones are to stop, and once all of them
   * have settled the group throws that very error. What else failed is recorded on the group's span
   * and in `group.errors`. A group inside of another group's child is cancelled with it. All of this
   * holds without an SDK as well.
   *
   * The model is `asyncio.TaskGroup`, but for the error, which is not wrapped.
   *
   * @param name the name of the group's span
   * @param options limits, deadline, signal, error policy, attributes, which children get spans
   * @param body gets the group, to spawn in
   * @throws GroupTimeoutError if `timeoutMillis` has passed
   * @throws AggregateError of all failures, with `errors: 'aggregate'`
   * @throws the reason of the signal, or of `group.cancel()`, if the group was cancelled without a
   * failure
   * @throws TypeError if an option is unknown or cannot be used
   *
   * @example
   * ```ts
   * const profile = await tracing.group('load profile', { timeoutMillis: 2000 }, async (group) => {
   *   const user = group.spawn('user', ({ signal }) => this.users.find(id, { signal }));
   *   const orders = group.spawn('orders', ({ signal }) => this.orders.list(id, { signal }));
   *   return { user: await user, orders: await orders };
   * });
   * ```
   */
  group<T>(name: string, body: GroupBody<T>): Promise<T>;
  group<T>(name: string, options: GroupOptions, body: GroupBody<T>): Promise<T>;
  group<T>(
    name: string,
    optionsOrBody: GroupOptions | GroupBody<T>,
    body?: GroupBody<T>,
  ): Promise<T> {
    return typeof optionsOrBody === 'function'
      ? runGroup(name, {}, optionsOrBody)
      : runGroup(name, optionsOrBody, body);
  }

  /**
   * Calls a function for every item, each in a child of one group, and returns the results in the
   * order of the items. Spans, failures and cancellation are those of `group`.
   *
   * Items are pulled one by one, with `concurrency` only when a child can start, and the iterable is
   * closed if the group is cancelled before its end. A child is named after the function; its
   * attribute `async.task.index` says which item it works on.
   *
   * @param name the name of the group's span
   * @param items an array or anything that can be iterated, at once or over time
   * @param options as for `group`
   * @param fn the work on one item
   * @throws as `group`, or what the iterable throws
   *
   * @example
   * ```ts
   * const thumbs = await tracing.map('thumbnails', files, { concurrency: 4 }, (file, { signal }) =>
   *   this.thumbnails.make(file, signal),
   * );
   * ```
   */
  map<I, O>(name: string, items: Items<I>, fn: ItemFunction<I, O>): Promise<O[]>;
  map<I, O>(
    name: string,
    items: Items<I>,
    options: GroupOptions,
    fn: ItemFunction<I, O>,
  ): Promise<O[]>;
  map<I, O>(
    name: string,
    items: Items<I>,
    optionsOrFn: GroupOptions | ItemFunction<I, O>,
    fn?: ItemFunction<I, O>,
  ): Promise<O[]> {
    return typeof optionsOrFn === 'function'
      ? mapItems(name, items, {}, optionsOrFn)
      : mapItems(name, items, optionsOrFn, fn);
  }

  /**
   * As `map`, but a failure cancels nothing and is returned instead of thrown: one result for every
   * item, in the order of the items, as by `Promise.allSettled`. The failed children's spans are
   * errors, the group's span is none and counts them.
   *
   * @param options as for `group`; `onError` and `errors` have no meaning here
   * @throws GroupTimeoutError, the reason of the signal, or what the iterable throws
   *
   * @example
   * ```ts
   * const results = await tracing.settled('notify', targets, (target) => this.notify(target));
   * const failed = results.filter(({ status }) => status === 'rejected');
   * ```
   */
  settled<I, O>(
    name: string,
    items: Items<I>,
    fn: ItemFunction<I, O>,
  ): Promise<PromiseSettledResult<O>[]>;
  settled<I, O>(
    name: string,
    items: Items<I>,
    options: GroupOptions,
    fn: ItemFunction<I, O>,
  ): Promise<PromiseSettledResult<O>[]>;
  settled<I, O>(
    name: string,
    items: Items<I>,
    optionsOrFn: GroupOptions | ItemFunction<I, O>,
    fn?: ItemFunction<I, O>,
  ): Promise<PromiseSettledResult<O>[]> {
    return typeof optionsOrFn === 'function'
      ? settleItems(name, items, {}, optionsOrFn)
      : settleItems(name, items, optionsOrFn, fn);
  }

  /**
   * Runs a function in an independent snapshot of the async context: it sees the caller's trace and
   * baggage as they are, and nothing it sets is seen outside, `enterWith` of any AsyncLocalStorage
   * included. Objects held in a store are shared, not copied. No span is opened.
   */
  isolated<T>(fn: () => T): T {
    return isolated(fn);
  }

  /**
   * Binds a function to the async context of here, for callbacks that somebody else will call, later
   * or elsewhere: queues, emitters, pools. `this`, name and length stay.
   *
   * @throws TypeError if it is given no function
   */
  bind<F extends (...args: never[]) => unknown>(fn: F): F {
    return bind(fn);
  }

  /**
   * Makes an emitter run its listeners in the context they are added in, or, where no span is active
   * then, in the context of this call. Affects listeners added from now on, on this emitter alone.
   *
   * @throws TypeError if it is given no emitter
   */
  bindEmitter<E extends EventEmitter>(emitter: E): E {
    return bindEmitter(emitter);
  }

  /**
   * Runs a task of `defineTask()` on a worker thread, with trace and baggage of here, and returns its
   * result. For work that would block the event loop.
   *
   * The span `offload <name>` starts with the call and ends when the task has settled; in between are
   * the wait for a worker (`async.offload.queue_wait_ms`) and the worker's own span `task <name>`,
   * which with all spans below it comes back with the result. Sampled out, the task runs the same and
   * records nothing. What the task throws reaches the caller with name, message, code, cause, fields
   * and the worker's stack; Nest's exceptions keep their status.
   *
   * When the signal aborts, a waiting task never starts and a running one is told through its own
   * signal; if it has not settled after `graceMillis`, its worker is ended. Either way the promise
   * rejects with the signal's reason, once the task is over.
   *
   * @param task what to run
   * @param input its input, plain data that structured clone copies
   * @param options signal, time-out and grace in milliseconds, buffers to transfer, attributes of the span
   * @throws OffloadQueueFullError if `offload.maxQueue` calls wait already
   * @throws OffloadDataError naming the path of a field of input or result that cannot cross
   * @throws OffloadTaskFileError if the task's file cannot be loaded or does not export it
   * @throws OffloadTimeoutError if it did not end within `timeoutMillis`
   * @throws OffloadCrashError if the worker ended before it answered
   * @throws OffloadClosedError if the application stops before the task is over
   *
   * @example
   * ```ts
   * const digest = await this.tracing.offload(hash, { text }, { signal: AbortSignal.timeout(500) });
   * ```
   */
  offload<I, O>(task: WorkerTask<I, O>, input: I, options?: OffloadOptions): Promise<O> {
    return this.#host.offloader.run(task, input, options);
  }

  /**
   * Hands a task of `defineTask()` over to the hosts of the queue and does not wait for it. It runs in
   * a trace of its own, also after this process has ended; each attempt at it links to here. Needs
   * `bullmqBackend()` of `nestjs-tracing/bullmq` as `offload.backend`.
   *
   * The span `add <queue>` (PRODUCER) starts with the call and ends when the queue has the task. Each
   * attempt opens `process <queue>` (CONSUMER) where it runs, with the baggage of here.
   *
   * @param task what to run
   * @param input its input: plain JSON; what is none does not compile
   * @param options delay in milliseconds, attempts, an id of your own, attributes of the span
   * @throws OffloadDataError naming the path of a field of the input that is no JSON
   * @throws OffloadConnectionError if the queue cannot be reached
   * @throws OffloadClosedError if the application stops
   * @throws TypeError if the backend has no queue that outlives the process
   *
   * @example
   * ```ts
   * const { id } = await this.tracing.enqueue(invoice, { order: 7 }, { attempts: 5 });
   * ```
   */
  enqueue<I, O>(
    task: WorkerTask<I, O>,
    input: JsonInput<NoInfer<I>>,
    options?: EnqueueOptions,
  ): Promise<EnqueuedTask> {
    return this.#host.offloader.enqueue(task, input as I, options);
  }

  /** Counts what became of spans and offloaded calls so far, in a frozen snapshot. */
  stats(): TracingStats {
    return Object.freeze({
      spans: this.#host.stats(),
      sampling: this.#host.samplingStats(),
      export: this.#host.exportStats(),
      detached: this.#host.detached.stats(),
      offload: this.#host.offloader.stats(),
      watchdog: this.#host.watchdogStats(),
    });
  }

  /**
   * Exports the spans that have ended. Never rejects; an export that fails or is late is logged.
   *
   * @param timeoutMillis milliseconds to wait at most. Default: `shutdownTimeoutMillis`
   */
  flush(timeoutMillis: number = this.#host.shutdownTimeoutMillis): Promise<void> {
    return this.#host.flush(timeoutMillis);
  }
}
