import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OffloadTaskFileError } from '../offload.error.js';
import type { DefinedTask } from './defined-tasks.js';

/** Says what to do where the file of a task is not there. */
export const DEPLOY = 'Deploy it beside the application; in a bundle give it an entry of its own.';

/**
 * Makes sure that a worker can load the file of a task.
 *
 * @throws OffloadTaskFileError if another file runs in its place, or if it does not exist
 */
export function assertTaskFile(task: DefinedTask): void {
  assertRunsItself(task);
  const { file, name } = task;
  if (existsSync(fileURLToPath(file))) return;
  throw new OffloadTaskFileError(`The file of task "${name}", ${file}, does not exist. ${DEPLOY}`);
}

/**
 * Makes sure that a task's file is the one that runs.
 *
 * @throws OffloadTaskFileError if another one does
 */
export function assertRunsItself({ file, name, runsInstead }: DefinedTask): void {
  if (runsInstead === undefined) return;
  throw new OffloadTaskFileError(
    `The file of task "${name}" is said to be ${file}, but what runs is ${runsInstead}: a bundler has ` +
      'put the place of the source into the bundle. Give the file of the task an entry of its own, ' +
      "leave it out of the application's, and keep import.meta.url: webpack and Rspack do with " +
      'module.parser.javascript.importMeta: false.',
  );
}
