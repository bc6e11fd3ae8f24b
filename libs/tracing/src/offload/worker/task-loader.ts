import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isTask } from '../task/define-task.js';
import { OffloadTaskFileError } from '../offload.error.js';
import type { AnyTask } from '../task/task.interface.js';
import { DEPLOY } from '../task/assert-task-file.js';
import { importTaskFile } from '../task/task-file.js';
import { ExportedErrors, exportsOf } from '../wire/exported-errors.js';

/** Finds tasks by file and name, each file loaded once. */
export class TaskLoader {
  readonly #tasks = new Map<string, Map<string, AnyTask>>();
  readonly #errors = new Map<string, ExportedErrors>();

  /** Returns the task, if its file is loaded. */
  loaded(file: string, name: string): AnyTask | undefined {
    return this.#tasks.get(file)?.get(name);
  }

  /** Returns the classes of errors that a file exports, if it is loaded. */
  errorsOf(file: string): ExportedErrors | undefined {
    return this.#errors.get(file);
  }

  /** @throws OffloadTaskFileError if the file cannot be loaded or exports no such task */
  async load(file: string, name: string): Promise<AnyTask> {
    const exported = await importTask(file, name);
    if (!this.#errors.has(file)) this.#errors.set(file, new ExportedErrors(exported));
    const tasks = tasksAmong(exported);
    const named = tasks.filter((each) => each.name === name);
    const own = named.filter((each) => each.file === file);
    const [task, ...others] = own.length > 0 ? own : named;
    if (task === undefined) throw notExported(file, name, tasks);
    if (others.length > 0) throw ambiguous(file, name);
    const loaded = this.#tasks.get(file) ?? new Map<string, AnyTask>();
    this.#tasks.set(file, loaded.set(name, task));
    return task;
  }
}

async function importTask(file: string, name: string): Promise<object> {
  try {
    return await importTaskFile(file);
  } catch (error) {
    throw new OffloadTaskFileError(`The file of task "${name}", ${file}, ${reason(file, error)}`, {
      cause: error,
    });
  }
}

function reason(file: string, error: unknown): string {
  if (!existsSync(fileURLToPath(file))) {
    return `does not exist. ${DEPLOY}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isOwn(error)) return `cannot be used: ${message}`;
  const cure = file.endsWith('ts')
    ? ' TypeScript needs "node --import tsx", or offload: { backend: "inline" } in tests.'
    : '';
  return `cannot be loaded: ${message}.${cure}`;
}

/** By its name: the file may be a bundle with a copy of this package in it. */
function isOwn(error: unknown): boolean {
  return error instanceof Error && error.name === OffloadTaskFileError.name;
}

function tasksAmong(exported: object): AnyTask[] {
  const values = exportsOf(exported).map(([, value]) => value);
  return [...new Set(values.filter(isTask))];
}

function ambiguous(file: string, name: string): OffloadTaskFileError {
  return new OffloadTaskFileError(
    `The file of task "${name}", ${file}, exports several tasks of that name. Name each differently.`,
  );
}

function notExported(file: string, name: string, found: AnyTask[]): OffloadTaskFileError {
  const names = found.map((task) => task.name).join(', ');
  const instead = found.length === 0 ? 'no task at all' : `only ${names}`;
  return new OffloadTaskFileError(
    `The file of task "${name}", ${file}, does not export it, but ${instead}. ` +
      `Write export const ... = defineTask(import.meta.url, "${name}", ...) at its top level.`,
  );
}
