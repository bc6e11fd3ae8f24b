import type { OffloadAttempt, OffloadBackend, OffloadReply } from '../backend.interface.js';
import type { TaskFailure } from '../returning-spans/span-intake.js';
import { exportedErrorsOf } from '../task/task-file.js';
import type { AnyTask } from '../task/task.interface.js';
import { decodeThrown, namesExport } from './error-codec.js';
import { httpPrototype } from './http-errors.js';

/** Knows further classes of errors. */
type KnowsErrors = Pick<OffloadBackend, 'findPrototype'>;

/** Holds an attempt at a task and what it threw, revived. */
export interface JudgedAttempt {
  readonly attempt: OffloadAttempt;
  readonly failure: TaskFailure | undefined;
}

/** Revives what the attempts at a task threw, the last one last. */
export async function judgeAttempts(
  task: AnyTask,
  reply: OffloadReply,
  knows: KnowsErrors,
): Promise<JudgedAttempt[]> {
  const attempts = [...(reply.earlier ?? []), reply];
  return Promise.all(
    attempts.map(async (attempt) => ({ attempt, failure: await failureOf(task, attempt, knows) })),
  );
}

/**
 * Revives what a task threw: with its own class if its file exports that, if Nest has it or if it is
 * known everywhere, else with the nearest of its classes that is one of these.
 *
 * @param task undefined if there is none of that name here
 */
export async function failureOf(
  task: AnyTask | undefined,
  { thrown }: OffloadAttempt,
  { findPrototype }: KnowsErrors = {},
): Promise<TaskFailure | undefined> {
  if (thrown === undefined) return undefined;
  const exported = task && namesExport(thrown) ? await exportedErrorsOf(task) : undefined;
  const error = decodeThrown(
    thrown,
    ({ exported: name, classes }) =>
      (name === undefined ? undefined : exported?.prototypeOf(name)) ??
      findPrototype?.(classes) ??
      httpPrototype(classes),
  );
  return { error };
}
