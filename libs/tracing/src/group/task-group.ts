import type { Span } from '@opentelemetry/api';
import { GroupClosedError } from './group.error.js';
import type { TaskFunction, TaskGroup } from './group.interface.js';
import type { GroupRun } from './group-run.js';
import { PendingHandle } from './task/task-handle.js';
import { Task, taskName } from './task/task.js';

/** Spawns the children of a group, for its body. */
export class SpawningGroup implements TaskGroup {
  readonly #run: GroupRun;

  constructor(run: GroupRun) {
    this.#run = run;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  get span(): Span {
    return this.#run.span;
  }

  get errors(): readonly unknown[] {
    return this.#run.failures.toArray();
  }

  cancel(reason?: unknown): void {
    this.#run.cancel({ by: 'cancel', reason });
  }

  spawn<T>(name: string, fn: TaskFunction<T>): Promise<T>;
  spawn<T>(fn: TaskFunction<T>): Promise<T>;
  spawn<T>(nameOrFn: string | TaskFunction<T>, work?: TaskFunction<T>): Promise<T> {
    const { settings, isClosed } = this.#run;
    const [name, fn] = typeof nameOrFn === 'string' ? [nameOrFn, work] : [undefined, nameOrFn];
    assertFunction(settings.name, name, fn);
    if (isClosed) throw new GroupClosedError(settings.name);
    return this.#spawn(name || taskName(fn, settings.name), fn) as Promise<T>;
  }

  #spawn(name: string, fn: TaskFunction<unknown>): Promise<unknown> {
    const { slots } = this.#run;
    if (!slots.isLimited) return this.#run.add(new Task(name, fn)) as Promise<unknown>;
    const handle = new PendingHandle();
    const task = new Task(name, fn, handle);
    handle.promise.watch(slots, task);
    void this.#run.add(task);
    return handle.promise;
  }
}

function assertFunction(
  group: string,
  name: string | undefined,
  fn: unknown,
): asserts fn is TaskFunction<unknown> {
  if (typeof fn === 'function') return;
  const called = name === undefined ? 'spawn()' : `spawn("${name}")`;
  const cure =
    fn instanceof Promise
      ? 'got a promise, whose work runs already: write spawn(() => work())'
      : 'needs a function to call';
  throw new TypeError(`${called} in group "${group}" ${cure}.`);
}
