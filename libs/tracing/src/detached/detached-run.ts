import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { SpanStatusCode, context } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import {
  ATTR_TASK_CANCEL_REASON,
  ATTR_TASK_OUTCOME,
  describeReason,
  isAbortEcho,
} from '../span/outcome/called-off.js';
import { processSlot } from '../process-slot.js';
import { NO_SPAN } from '../span/no-span.js';
import { runEnclosed } from '../context/enclosing-work.js';
import { ATTR_TASK_QUEUE_WAIT_MS } from '../group/group-attributes.js';
import type { TaskContext, TaskFunction } from '../group/group.interface.js';
import { DetachedAbandonedError, DetachedRejectedError } from './detached.error.js';
import type { DetachedOutcome, DetachedTask } from './detached.interface.js';
import type { DetachedSite } from './detached-site.js';
import { RunLife } from './run-life.js';

/** Told of what becomes of a run. */
export interface RunObserver {
  /** The run has ended, once. */
  ended(run: DetachedRun, outcome: DetachedOutcome): void;
  /** The run has failed; called in its context, so that a log line carries its ids. */
  failed(run: DetachedRun, error: unknown): void;
}

/** Which run the current async context belongs to. */
const currentRun = processSlot(
  'current detached run',
  () => new AsyncLocalStorage<Pick<RunLife, 'outcome'>>(),
);

/** One detached task from its registration to its only end. */
export class DetachedRun implements TaskContext {
  readonly span: Span;
  /** Settles as the function does. Looked at here, so that it is never an unhandled rejection. */
  readonly result: Promise<unknown>;
  readonly done: Promise<void>;
  readonly #site: DetachedSite;
  readonly #life = new RunLife();
  readonly #work: TaskFunction<unknown>;
  readonly #observer: RunObserver;
  readonly #settle: PromiseWithResolvers<unknown> = Promise.withResolvers();
  /** Every AsyncLocalStorage as it was where the task was detached. */
  readonly #here = new AsyncResource('nestjs-tracing.detached');
  readonly #registeredAt = performance.now();
  #begun = false;

  constructor(
    readonly name: string,
    site: DetachedSite,
    work: TaskFunction<unknown>,
    observer: RunObserver,
  ) {
    this.#site = site;
    this.#work = work;
    this.#observer = observer;
    this.span = site.recording?.span ?? NO_SPAN;
    this.result = this.#settle.promise;
    this.done = this.result.then(ignore, ignore);
  }

  /** Whether the caller runs inside a task that has not ended yet. */
  static isInside(): boolean {
    const run = currentRun.current.getStore();
    return run !== undefined && run.outcome === undefined;
  }

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /** How the run ended, or undefined while it has not. */
  get outcome(): DetachedOutcome | undefined {
    return this.#life.outcome;
  }

  get ageMillis(): number {
    return Math.round(performance.now() - this.#registeredAt);
  }

  /** Returns the handle for the caller of `detach()`. */
  handle(): DetachedTask {
    const { traceId, spanId } = this.span.spanContext();
    const cancel = (reason?: unknown): void => this.cancel(reason);
    return Object.freeze({ traceId, spanId, done: this.done, cancel });
  }

  /** Takes the task's turn now and calls its function once the caller has gone on. */
  start(): void {
    this.#begun = true;
    this.span.setAttribute(ATTR_TASK_QUEUE_WAIT_MS, this.ageMillis);
    queueMicrotask(() => void this.#follow(this.#call()));
  }

  /** Takes the task's turn and calls its function at once, in the caller's own time. */
  runNow(): void {
    this.#begun = true;
    void this.#follow(this.#call());
  }

  /** Aborts the signal; a task that waits for its turn ends here. */
  cancel(reason: unknown = new DOMException('The task was cancelled.', 'AbortError')): void {
    if (this.outcome !== undefined || this.signal.aborted) return;
    this.#inScope(() => this.#life.controller.abort(reason));
    this.span.setAttribute(ATTR_TASK_CANCEL_REASON, describeReason(reason));
    if (!this.#begun) this.#callOff('not_started', reason);
  }

  /** Ends a task that waits for its turn in favour of a newer one. */
  drop(): void {
    const cure = 'it had waited longest when the limits were reached; raise detached.maxPending.';
    this.#end('not_started', new DetachedRejectedError(this.name, 'dropped', cure));
  }

  /** Ends a task that does not end by itself; what still becomes of it is not looked at. */
  abandon(): void {
    if (this.outcome !== undefined) return;
    const error = new DetachedAbandonedError(this.name);
    this.span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    this.#end('abandoned', error);
  }

  #inScope<T>(fn: () => T): T {
    return this.#here.runInAsyncScope(() => context.with(this.#site.context, fn));
  }

  /**
   * An async function, so that a thenable is awaited, and a throw caught, inside the task. Groups that
   * it opens are called off with the task, and not with the group it was detached in.
   */
  #call(): Promise<unknown> {
    const work = this.#work;
    const source = this.#life;
    const called = (): Promise<unknown> => runEnclosed({ source }, async () => work(this));
    return this.#inScope(() => currentRun.current.run(source, called));
  }

  async #follow(call: Promise<unknown>): Promise<void> {
    try {
      this.#succeed(await call);
    } catch (error) {
      this.#fail(error);
    }
  }

  #isEcho(error: unknown): boolean {
    const signal = this.#life.aborted;
    return signal !== undefined && isAbortEcho(error, signal.reason);
  }

  #succeed(value: unknown): void {
    this.#finish('ok', () => {
      this.#site.recording?.succeed(value);
      this.#settle.resolve(value);
    });
  }

  #fail(error: unknown): void {
    if (this.outcome !== undefined) return;
    if (this.#isEcho(error)) return this.#callOff('cancelled', error);
    this.#inScope(() => this.#observer.failed(this, error));
    this.#end('error', error);
  }

  #end(outcome: DetachedOutcome, error: unknown): void {
    this.#finish(outcome, () => {
      this.#site.recording?.failWith(error);
      this.#settle.reject(error);
    });
  }

  /** Of work that was called off the option `cancelled` says whether it is an error. */
  #callOff(outcome: DetachedOutcome, error: unknown): void {
    this.#finish(outcome, () => {
      this.#site.recording?.cancel(this.signal.reason);
      this.#settle.reject(error);
    });
  }

  #finish(outcome: DetachedOutcome, settle: () => void): void {
    if (this.outcome !== undefined) return;
    this.#life.outcome = outcome;
    this.span.setAttribute(ATTR_TASK_OUTCOME, outcome);
    settle();
    this.#observer.ended(this, outcome);
  }
}

function ignore(): void {}
