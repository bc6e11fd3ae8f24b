import { importFile } from '../../import-file.js';
import { withDeadline } from '../../with-deadline.js';
import { ExportedErrors, exportsOf } from '../wire/exported-errors.js';
import type { AnyTask } from './task.interface.js';

/** A file with a top-level await that never settles must not keep its callers waiting. */
const LOAD_TIMEOUT_MILLIS = 10_000;

/** Imports the file of a task, which a process that has it already does not run again. */
export function importTaskFile(file: string): Promise<object> {
  return withDeadline(importFile(file), LOAD_TIMEOUT_MILLIS);
}

/**
 * Returns the classes of errors that the file of a task exports, in a process that has the task.
 * Undefined if importing the file gives another copy of it, as test runners with modules of their own
 * do: its classes are not the ones that `instanceof` is asked for here.
 */
export async function exportedErrorsOf(task: AnyTask): Promise<ExportedErrors | undefined> {
  try {
    const exported = await importTaskFile(task.file);
    const isSame = exportsOf(exported).some(([, value]) => value === task);
    return isSame ? new ExportedErrors(exported) : undefined;
  } catch {
    return undefined; // then it is a plain error, as one whose class is not exported
  }
}
