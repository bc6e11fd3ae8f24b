import { AsyncResource } from 'node:async_hooks';
import { isAnyObservable } from '../../span/results/observable.js';
import { isPlainPromise } from '../../span/results/plain-promise.js';
import { mayBeThenable } from '../../span/results/thenable.js';
import type { SpanRecording } from '../../span/recording.js';
import type { TaskContext, TaskFunction } from '../group.interface.js';

/** Where the result of a task goes. */
export interface TaskSink {
  resolve(value: unknown, task: Task): void;
  reject(error: unknown, task: Task): void;
}

/**
 * One child: its work and the async context it was spawned in, every AsyncLocalStorage included. It
 * starts from a copy of that context, now or when its turn comes, so what it sets stays its own.
 */
export class Task extends AsyncResource {
  readonly name: string;
  readonly fn: TaskFunction<unknown>;
  /** Where its result goes beside the promise of it. */
  readonly sink: TaskSink | undefined;
  /** The item it works on, in a `map`. */
  readonly index: number | undefined;
  /** When it was queued, by `performance.now()`, if it had to wait. */
  queuedAt: number | undefined;
  startedAt = 0;
  recording: SpanRecording | undefined;
  /** Its neighbours among the tasks that run or wait. */
  previous: Task | undefined;
  next: Task | undefined;
  /** Siblings that await this one, and how many it awaits itself; kept where concurrency is limited. */
  awaitedBy: Task[] | undefined;
  awaits = 0;
  state: 'pending' | 'running' | 'settled' = 'pending';

  constructor(name: string, fn: TaskFunction<unknown>, sink?: TaskSink, index?: number) {
    super('nestjs-tracing.task');
    this.name = name;
    this.fn = fn;
    this.sink = sink;
    this.index = index;
  }
}

/**
 * Calls a task's function. Anything that is thenable becomes a plain promise here, inside of the
 * task's context: a lazy query builder runs in its `then`.
 *
 * @throws TypeError if it returns an Observable, which nobody would subscribe to
 */
export function callTask(fn: TaskFunction<unknown>, context: TaskContext): unknown {
  const result = fn(context);
  if (typeof result !== 'object' || result === null) return result;
  if (isPlainPromise(result)) return result;
  if (mayBeThenable(result)) return new Promise((resolve) => resolve(result));
  if (isAnyObservable(result)) {
    throw new TypeError(
      'A task answered an Observable, which nobody would subscribe to. ' +
        'Answer firstValueFrom(…) or lastValueFrom(…) of it.',
    );
  }
  return result;
}

/** Returns the name of a task that was given none: that of its function, as it was before it was bound. */
export function taskName(fn: { readonly name: string }, group: string): string {
  return fn.name.replace(/^(?:bound )+/, '') || `${group} task`;
}
