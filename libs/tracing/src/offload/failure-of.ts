import type { OffloadAttempt, OffloadBackend } from './backend.interface.js';
import { decodeThrown } from './error-codec.js';
import { httpPrototype } from './http-errors.js';
import type { TaskFailure } from './span-intake.js';

/** Who knows further classes of errors. */
export type KnowsErrors = Pick<OffloadBackend, 'findPrototype'>;

/** What a task threw, revived. */
export function failureOf(
  { thrown }: OffloadAttempt,
  { findPrototype }: KnowsErrors,
): TaskFailure | undefined {
  if (thrown === undefined) return undefined;
  return { error: decodeThrown(thrown, (names) => findPrototype?.(names) ?? httpPrototype(names)) };
}
