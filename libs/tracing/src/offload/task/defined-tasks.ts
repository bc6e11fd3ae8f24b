import { processSlot } from '../../process-slot.js';
import type { AnyTask } from './task.interface.js';

/** Describes a task as it was defined. */
export interface DefinedTask {
  readonly file: string;
  readonly name: string;
  /** The file that runs instead of the one that the task says it is in. Undefined if none does. */
  readonly runsInstead: string | undefined;
}

const own = new Map<string, DefinedTask>();

/**
 * Of the whole process: a task's file may be a bundle with a copy of this package in it. A reset of
 * tracing forgets none of them, since the files that define them are not loaded again.
 */
const defined = processSlot('defined tasks', () => own).current;

const keyOf = ({ file, name }: Pick<AnyTask, 'file' | 'name'>): string => `${file}#${name}`;

/** Keeps in mind how a task was defined, until its file is known to be of use or not to be needed. */
export function noteDefined(task: DefinedTask): void {
  defined.set(keyOf(task), task);
}

/** Returns how a task was defined. */
export function definitionOf(task: AnyTask): DefinedTask | undefined {
  return defined.get(keyOf(task));
}

/** Lists the tasks that this process has defined. */
export function definedTasks(): DefinedTask[] {
  return [...defined.values()];
}

/** Forgets a task that nobody has to make sure of any more. */
export function forgetDefined(task: AnyTask): void {
  defined.delete(keyOf(task));
}
