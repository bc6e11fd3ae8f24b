import { OffloadTaskUnknownError } from '../../offload/offload.error.js';
import type { AnyTask } from '../../offload/task/task.interface.js';
import { TracingConfigurationError } from '../../configuration.error.js';

/** The tasks of a host, by name: files are elsewhere on every machine. */
export class HostTasks {
  readonly #tasks = new Map<string, AnyTask>();

  /** @throws TracingConfigurationError if there are two of a name */
  constructor(tasks: readonly AnyTask[]) {
    for (const task of tasks) this.#add(task);
  }

  /** @throws OffloadTaskUnknownError naming the tasks that there are */
  get(name: string): AnyTask {
    const task = this.find(name);
    if (task === undefined) throw new OffloadTaskUnknownError(name, [...this.#tasks.keys()]);
    return task;
  }

  get all(): readonly AnyTask[] {
    return [...this.#tasks.values()];
  }

  find(name: string): AnyTask | undefined {
    return this.#tasks.get(name);
  }

  #add(task: AnyTask): void {
    const other = this.#tasks.get(task.name);
    if (other !== undefined && other !== task) {
      throw new TracingConfigurationError(
        'tasks',
        `two are named "${task.name}", one in ${other.file}, one in ${task.file}: rename one`,
      );
    }
    this.#tasks.set(task.name, task);
  }
}
