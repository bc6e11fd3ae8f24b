import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noteDefined } from './defined-tasks.js';
import { runsInsteadOf } from './running-file.js';
import type { AnyTask, WorkerFunction, WorkerTask } from './task.interface.js';

/** Shared by all copies of this package: the task's file may see another one than the worker. */
const TASK = Symbol.for('nestjs-tracing:task');

/**
 * Defines work that `TracingService.offload()` runs on another thread. The file that calls this is
 * imported by both sides, so it must export the task and import nothing of the application. In a
 * bundle it needs an entry of its own, which the application's entry imports (`external`, or code
 * splitting): a worker that loads the bundle would start the application. An application whose tasks
 * are in files that do not exist, or that a bundler has named wrongly, does not start.
 *
 * The span `task <name>` starts in the worker when the function is called and ends when what it
 * returns has settled. Await everything: what still runs then stands still until the worker gets its
 * next task.
 *
 * What it throws arrives with message, cause, own fields and stack. A class of errors that the file
 * exports arrives as that class, without its constructor being run: what that kept in `#private`
 * fields is not there. One that is not exported arrives as the nearest of its classes that is, that
 * Nest has or that JavaScript has.
 *
 * @param file where this is: `import.meta.url`, or `__filename` in CommonJS. A `URL` object names
 * another file, which exports the task as well
 * @param name unique within the file; spans and errors carry it
 * @param fn the work. Input and result cross by structured clone: no functions, no class instances,
 * and a Buffer arrives as a Uint8Array
 * @returns the task, for `TracingService.offload()` and `enqueue()`
 * @throws TypeError if an argument is not what it should be
 *
 * @example
 * ```ts
 * // hash.task.ts
 * export const hash = defineTask(import.meta.url, 'hash', (input: { text: string }, { signal }) => {
 *   signal.throwIfAborted();
 *   return scryptSync(input.text, 'salt', 64).toString('hex');
 * });
 * ```
 */
export function defineTask<I, O>(
  file: string | URL,
  name: string,
  fn: WorkerFunction<I, O>,
): WorkerTask<I, Awaited<O>> {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('defineTask() needs a name, as a text.');
  if (typeof fn !== 'function') throw new TypeError(`defineTask("${name}") needs a function.`);
  const url = fileUrl(file, name);
  const task = { file: url, name, run: fn, [TASK]: true };
  // Who writes a URL names a file on purpose; a text says where this is.
  noteDefined({
    file: url,
    name,
    runsInstead: typeof file === 'string' ? runsInsteadOf(url) : undefined,
  });
  return Object.freeze(task) as WorkerTask<I, Awaited<O>>;
}

/** Whether a value was made by `defineTask()`. */
export function isTask(value: unknown): value is AnyTask {
  return typeof value === 'object' && value !== null && TASK in value;
}

function fileUrl(file: string | URL, name: string): string {
  const text = String(file);
  if (text.startsWith('file:')) return text;
  if (isAbsolute(text)) return pathToFileURL(text).href;
  throw new TypeError(
    `defineTask("${name}") needs the place of its file: write import.meta.url, or __filename in CommonJS. ` +
      'A bundle in the format of CommonJS has no import.meta.url: give the file an entry of its own.',
  );
}
