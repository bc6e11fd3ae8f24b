import type { Span } from '@opentelemetry/api';
import type { EnclosingWork } from '../../context/enclosing-work.js';
import { enterWork } from '../../context/enclosing-work.js';
import type { Cancellation } from '../cancellation.js';
import type { ChildSpans } from './child-spans.js';
import { GivenContext } from '../../span/given-context.js';
import { callTask } from './task.js';
import { isPlainPromise } from '../../span/results/plain-promise.js';
import { TaskNotStartedError } from '../group.error.js';
import type { GroupSettings } from '../group-settings.js';
import { markReported, reportedRejection } from './task-handle.js';
import { Slots } from './slots.js';
import { Tally } from './tally.js';
import type { Task } from './task.js';

/** The group as the runner of its tasks sees it. */
interface TaskRunnerOptions {
  readonly settings: GroupSettings;
  readonly work: EnclosingWork;
  readonly cancellation: Cancellation;
  /** The group's span, or what stands in for it. */
  readonly span: Span;
  /** Told of each failure before anybody else. */
  readonly onFailure: (task: Task, error: unknown) => void;
}

/** Runs the tasks of a group, each in the context it was spawned in, and keeps the books. */
export class TaskRunner {
  readonly slots: Slots;
  readonly tally = new Tally();
  /** Undefined if the group has no span. */
  children: ChildSpans | undefined;
  readonly #options: TaskRunnerOptions;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
    const { settings, work } = options;
    this.slots = new Slots(settings.concurrency, work.source, (task) =>
      task.runInAsyncScope(() => this.#enter(task)),
    );
  }

  /** Starts a task and returns its result, queues it, or refuses it if the group is cancelled. */
  add(task: Task): Promise<unknown> | undefined {
    this.tally.total += 1;
    const { cause } = this.#options.cancellation;
    return cause === undefined ? this.slots.add(task) : this.#refuse(task);
  }

  /** Refuses what is queued. */
  dropQueue(): void {
    for (const task of this.slots.dropQueue()) void this.#refuse(task);
  }

  /** In the context of the spawn. */
  #enter(task: Task): Promise<unknown> | undefined {
    enterWork(this.#workOf(task));
    let result: unknown;
    try {
      result = this.#call(task);
    } catch (error) {
      this.#failed(task, error);
      return task.sink === undefined ? reportedRejection(error) : undefined;
    }
    if (isPlainPromise(result)) return this.#follow(task, result);
    this.#succeeded(task, result);
    return task.sink === undefined ? Promise.resolve(result) : undefined;
  }

  /** Only a child that was spawned can await another one, and only with a limit does it matter. */
  #workOf(task: Task): EnclosingWork {
    const { work } = this.#options;
    return this.slots.isLimited && task.index === undefined ? { ...work, task } : work;
  }

  #call(task: Task): unknown {
    if (this.children !== undefined) return this.children.run(task);
    const { span, cancellation } = this.#options;
    return callTask(task.fn, new GivenContext(span, cancellation));
  }

  #follow(task: Task, promise: Promise<unknown>): Promise<unknown> {
    const followed = promise.then(
      (value) => {
        this.#succeeded(task, value);
        return value;
      },
      (error: unknown) => {
        this.#failed(task, error);
        markReported(followed);
        throw error;
      },
    );
    return followed;
  }

  #succeeded(task: Task, value: unknown): void {
    this.tally.ok += 1;
    this.children?.succeed(task);
    task.sink?.resolve(value, task);
    this.slots.release(task);
  }

  /** The span ends before the failure has consequences for others. */
  #failed(task: Task, error: unknown): void {
    const { cancellation, onFailure } = this.#options;
    const { cause } = cancellation;
    if (cause !== undefined && cancellation.isEcho(error)) {
      this.tally.cancelled += 1;
      this.children?.cancel(task, cause);
    } else {
      this.tally.error += 1;
      this.children?.fail(task, error);
      onFailure(task, error);
    }
    task.sink?.reject(error, task);
    this.slots.release(task);
  }

  #refuse(task: Task): Promise<unknown> | undefined {
    this.tally.notStarted += 1;
    const { settings, cancellation } = this.#options;
    const error = new TaskNotStartedError(task.name, settings.name, cancellation.cause?.reason);
    if (task.sink === undefined) return reportedRejection(error);
    task.sink.reject(error, task);
    return undefined;
  }
}
