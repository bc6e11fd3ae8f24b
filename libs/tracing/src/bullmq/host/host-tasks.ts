import { OffloadTaskUnknownError } from '../../offload/offload.error.js';
import type { AnyTask } from '../../offload/task.interface.js';
import { TracingConfigurationError } from '../../options/configuration.error.js';

/** The tasks of a host, by name: files are elsewhere on every machine. */
export class HostTasks {
  readonly #tasks = new Map<string, AnyTask>();

  /** @throws TracingConfigurationError if there are none, or two of a name */
  constructor(tasks: readonly AnyTask[] = []) {
    if (tasks.length === 0) {
      throw new TracingConfigurationError('tasks', 'write at least one task made by defineTask()');
    }
    for (const task of tasks) this.#add(task);
  }

  /** @throws OffloadTaskUnknownError naming the tasks that there are */
  get(name: string): AnyTask {
    const task = this.#tasks.get(name);
    if (task === undefined) throw new OffloadTaskUnknownError(name, [...this.#tasks.keys()]);
    return task;
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
