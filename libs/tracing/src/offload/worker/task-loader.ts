import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isTask } from '../define-task.js';
import { OffloadTaskFileError } from '../offload.error.js';
import type { AnyTask } from '../task.interface.js';
import { withDeadline } from '../../with-deadline.js';

/** A file with a top-level await that never settles must not keep its callers waiting. */
const LOAD_TIMEOUT_MILLIS = 10_000;

/** Finds tasks by file and name, each file loaded once. */
export class TaskLoader {
  readonly #tasks = new Map<string, Map<string, AnyTask>>();

  /** The task, if its file is loaded. */
  loaded(file: string, name: string): AnyTask | undefined {
    return this.#tasks.get(file)?.get(name);
  }

  /** @throws OffloadTaskFileError if the file cannot be loaded or exports no such task */
  async load(file: string, name: string): Promise<AnyTask> {
    const exported = await importTask(file, name);
    const tasks = new Map(tasksAmong(exported).map((task) => [task.name, task]));
    this.#tasks.set(file, tasks);
    const task = tasks.get(name);
    if (task === undefined) throw notExported(file, name, [...tasks.keys()]);
    return task;
  }
}

async function importTask(file: string, name: string): Promise<object> {
  try {
    return (await withDeadline(import(file) as Promise<object>, LOAD_TIMEOUT_MILLIS)) as object;
  } catch (error) {
    throw new OffloadTaskFileError(`The file of task "${name}", ${file}, ${reason(file, error)}`, {
      cause: error,
    });
  }
}

function reason(file: string, error: unknown): string {
  if (!existsSync(fileURLToPath(file))) {
    return 'does not exist. Deploy it beside the application; in a bundle give it an entry of its own.';
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OffloadTaskFileError) return `cannot be used: ${message}`;
  const cure = file.endsWith('ts')
    ? ' TypeScript needs "node --import tsx", or offload: { backend: "inline" } in tests.'
    : '';
  return `cannot be loaded: ${message}.${cure}`;
}

/** What a CommonJS file exports may be below `default` only. */
function tasksAmong(exported: object): AnyTask[] {
  const { default: common } = exported as { default?: unknown };
  const below = typeof common === 'object' && common !== null ? Object.values(common) : [];
  return [...Object.values(exported), ...below].filter(isTask);
}

function notExported(file: string, name: string, found: string[]): OffloadTaskFileError {
  const instead = found.length === 0 ? 'no task at all' : `only ${found.join(', ')}`;
  return new OffloadTaskFileError(
    `The file of task "${name}", ${file}, does not export it, but ${instead}. ` +
      `Write export const ... = defineTask(import.meta.url, "${name}", ...) at its top level.`,
  );
}
