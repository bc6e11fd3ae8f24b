import {
  CannotCreateEntityIdMapError,
  EntityNotFoundError,
  OptimisticLockVersionMismatchError,
} from 'typeorm';
import { describeErrorsOf } from '../../span/exception.js';
import { describeStatementError } from './statement-error.js';

/** TypeORM's own errors whose messages quote values: conditions of a search, ids, versions. */
const QUOTING_ERRORS = [
  EntityNotFoundError,
  CannotCreateEntityIdMapError,
  OptimisticLockVersionMismatchError,
];

/**
 * Keeps the values in TypeORM's own errors out of spans: `findOneByOrFail()` and the like throw them
 * without a statement that failed. They know no DataSource, so this holds for all of them.
 */
export function concealEntityErrors(): void {
  for (const errorClass of QUOTING_ERRORS) {
    describeErrorsOf(errorClass, (error) => describeStatementError(error, false));
  }
}
