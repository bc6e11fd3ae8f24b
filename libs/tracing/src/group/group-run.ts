import { AsyncResource } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import type { SignalSource, EnclosingWork } from '../context/enclosing-work.js';
import { enclosingWork, enterWork } from '../context/enclosing-work.js';
import type { CancelCause } from './cancellation.js';
import { Cancellation } from './cancellation.js';
import { ChildSpans } from './task/child-spans.js';
import { Failures } from './failures.js';
import { GroupTimeoutError } from './group.error.js';
import type { GroupSettings } from './group-settings.js';
import { GroupSpan } from './group-span.js';
import type { Slots } from './task/slots.js';
import type { Task } from './task/task.js';
import { TaskRunner } from './task/task-runner.js';
import { Logger } from '@nestjs/common';

/** One run of a group, from the opening of its span to the end of its last child. */
export class GroupRun implements SignalSource {
  readonly settings: GroupSettings;
  readonly failures = new Failures();
  readonly #work: EnclosingWork = { source: this, outer: enclosingWork() };
  readonly #cancellation = new Cancellation((reason) => this.cancel({ by: 'signal', reason }));
  readonly #span: GroupSpan;
  /** Where the group was opened. */
  readonly #outside = new AsyncResource('nestjs-tracing.group');
  readonly #tasks: TaskRunner;
  #phase: 'body' | 'children' | 'closed' = 'body';

  constructor(settings: GroupSettings) {
    this.settings = settings;
    this.#span = new GroupSpan(settings);
    this.#tasks = new TaskRunner({
      settings,
      work: this.#work,
      cancellation: this.#cancellation,
      span: this.#span.span,
      onFailure: (task, error) => this.#childFailed(task, error),
    });
    this.#followOuter();
    this.#setDeadline();
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  get span(): Span {
    return this.#span.span;
  }

  get slots(): Slots {
    return this.#tasks.slots;
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  get isCancelled(): boolean {
    return this.#cancellation.cause !== undefined;
  }

  /**
   * Runs the body, waits for the children that it and they have spawned, and ends the span.
   *
   * @throws the first failure, an AggregateError of all of them, or the reason of the cancellation
   */
  async run<T>(body: () => T | PromiseLike<T>): Promise<T> {
    let returned: { value: T } | undefined;
    try {
      if (!this.isCancelled) returned = { value: await this.#inside(() => this.#start(body)) };
    } catch (error) {
      this.#bodyFailed(error);
    }
    this.#phase = 'children';
    if (this.slots.isBusy) await this.slots.drained();
    this.#phase = 'closed';
    this.#cancellation.release();
    return this.#conclude(returned);
  }

  /** Starts a task and returns its result, queues it, or refuses it if the group is cancelled. */
  add(task: Task): Promise<unknown> | undefined {
    return this.#tasks.add(task);
  }

  /** Calls everything off, once; the first cause counts. */
  cancel(cause: CancelCause): void {
    if (this.isClosed || this.isCancelled) return;
    this.#inside(() => {
      this.#cancellation.cancel(cause);
      this.#tasks.dropQueue();
      this.#cancellation.schedule(this.settings.graceMillis, () => {
        warnOverdue(this.settings, this.slots.running, this.#phase === 'body');
      });
    });
  }

  /**
   * Calls a function in the async context of the group: its body, its abort and its warning run there,
   * not where they come from. It is entered anew each time, for most groups only once.
   */
  #inside<T>(fn: () => T): T {
    return this.#outside.runInAsyncScope(() => {
      enterWork(this.#work);
      return this.#span.activate(fn);
    });
  }

  #start<T>(body: () => T): T {
    const site = this.#span.childSite();
    this.#tasks.children = site && new ChildSpans(this.settings.spans, site, this.#cancellation);
    return body();
  }

  #followOuter(): void {
    const outer = this.#work.outer?.source.signal;
    const { signal } = this.settings;
    if (outer !== undefined) this.#follow(outer);
    if (signal !== undefined && signal !== outer) this.#follow(signal);
  }

  #follow(signal: AbortSignal): void {
    if (signal.aborted) this.cancel({ by: 'signal', reason: signal.reason });
    else this.#cancellation.follow(signal);
  }

  #setDeadline(): void {
    const { name, timeoutMillis } = this.settings;
    if (timeoutMillis === undefined || this.isCancelled) return;
    this.#cancellation.schedule(timeoutMillis, () => {
      this.#fail({ by: 'timeout', reason: new GroupTimeoutError(name, timeoutMillis) });
    });
  }

  /** A failure that no child has: it calls everything off. */
  #fail(cause: CancelCause): void {
    this.failures.add(cause.reason);
    this.cancel(cause);
  }

  /** The body may only pass on what the group knows: a child's failure, or its own abort. */
  #bodyFailed(error: unknown): void {
    if (this.#cancellation.isEcho(error) || this.failures.has(error)) return;
    this.#fail({ by: 'body', reason: error });
  }

  #childFailed(task: Task, error: unknown): void {
    const { onError } = this.settings;
    if (onError === 'collect') return;
    this.failures.add(error);
    if (onError === 'cancel') this.cancel({ by: 'task', task, reason: error });
  }

  #conclude<T>(returned: { value: T } | undefined): T {
    const { tally } = this.#tasks;
    const lastEnd = this.#tasks.children?.latestEnd;
    const { cause } = this.#cancellation;
    if (!this.failures.isEmpty) throw this.#span.fail(this.failures.toArray(), tally, lastEnd);
    if (returned !== undefined && cause?.by !== 'signal') {
      this.#span.succeed(tally, lastEnd);
      return returned.value;
    }
    this.#span.cancel(cause as CancelCause, tally, lastEnd);
    throw cause?.reason;
  }
}

const MAX_NAMES = 10;

const logger = new Logger('TaskGroup');

/** Says which children have not stopped although their group was cancelled a while ago. */
function warnOverdue(
  { name, graceMillis }: GroupSettings,
  tasks: readonly string[],
  bodyRuns: boolean,
): void {
  const names = tasks.slice(0, MAX_NAMES).map((task) => `"${task}"`);
  if (tasks.length > MAX_NAMES) names.push(`${tasks.length - MAX_NAMES} more`);
  if (bodyRuns) names.push('its body');
  logger.warn(
    `Group "${name}" was cancelled ${graceMillis} ms ago and still waits for ${names.join(', ')}. ` +
      'Give the signal to what they await, so that they can stop.',
  );
}
