import type { Method, Replacement } from './method-shadows.js';
import { MethodShadows } from './method-shadows.js';

/** The methods of a query runner that are traced from the start. */
export type RunnerMethod = 'query' | 'stream' | 'startTransaction';

/** Those that end a transaction. */
export type EndingMethod = 'commitTransaction' | 'rollbackTransaction' | 'release';

/** The shadows of query runners. */
export function runnerShadows(
  replacements: Readonly<Record<RunnerMethod, Replacement>>,
): MethodShadows<RunnerMethod> {
  return new MethodShadows('runner', entriesOf(replacements), (runner, methods) => {
    runner.query = methods.query;
    runner.stream = methods.stream;
    runner.startTransaction = methods.startTransaction;
  });
}

/** The shadows of query runners that are in a transaction. */
export function endingShadows(
  replacements: Readonly<Record<EndingMethod, Replacement>>,
): MethodShadows<EndingMethod> {
  return new MethodShadows('transaction', entriesOf(replacements), (runner, methods) => {
    runner.commitTransaction = methods.commitTransaction;
    runner.rollbackTransaction = methods.rollbackTransaction;
    runner.release = methods.release;
  });
}

type ManagerMethod = 'transaction' | 'save' | 'remove' | 'softRemove' | 'recover';

/**
 * The shadows of entity managers.
 *
 * @param transaction of `transaction()`
 * @param persist of the methods that open a transaction of their own
 * @param operations further ones, outside of these
 */
export function managerShadows(
  transaction: Replacement,
  persist: Replacement,
  operations: readonly (readonly [name: string, Replacement])[],
): MethodShadows<string> {
  const list: [ManagerMethod, Replacement][] = [
    ['transaction', transaction],
    ['save', persist],
    ['remove', persist],
    ['softRemove', persist],
    ['recover', persist],
  ];
  if (operations.length > 0)
    return new MethodShadows('manager', [...list, ...operations], assignAll);
  return new MethodShadows<ManagerMethod>('manager', list, (manager, methods) => {
    manager.transaction = methods.transaction;
    manager.save = methods.save;
    manager.remove = methods.remove;
    manager.softRemove = methods.softRemove;
    manager.recover = methods.recover;
  }) as MethodShadows<string>;
}

function entriesOf<Name extends string>(
  replacements: Readonly<Record<Name, Replacement>>,
): [Name, Replacement][] {
  return Object.entries(replacements) as [Name, Replacement][];
}

function assignAll(
  target: Record<string, Method>,
  methods: Readonly<Record<string, Method>>,
): void {
  Object.assign(target, methods);
}
