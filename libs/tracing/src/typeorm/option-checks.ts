import type { OptionCheck } from '../options/check-options.js';
import { checkOptions as check, oneOf } from '../options/check-options.js';
import type { TypeOrmTracingOptions } from './typeorm-tracing.options.js';

const FLAG: OptionCheck = [(value) => typeof value === 'boolean', 'write true or false'];
const MILLIS: OptionCheck = [isMillis, 'write a number of milliseconds, 0 or more'];
const IGNORE_CURE = 'write a RegExp, a function from a statement to a boolean, or an array of them';

const CHECKS: Readonly<Record<keyof TypeOrmTracingOptions, OptionCheck>> = {
  queryText: oneOf('auto', 'sanitized', 'off'),
  errorMessages: FLAG,
  attributes: [isFunction, 'write a function from a statement to attributes'],
  driverSpans: oneOf('suppress', 'nest', 'off'),
  connectionWaitMillis: MILLIS,
  implicitTransactions: FLAG,
  entityOperations: FLAG,
  returnedRows: FLAG,
  parameters: FLAG,
  sqlCommenter: [isCommenter, 'write true, false or a TextMapPropagator'],
  slowQueryMillis: MILLIS,
  repeatedQueries: [
    (value) => Number.isInteger(value) && (value as number) >= 2,
    'write a whole number of statements, 2 or more',
  ],
  requireParentSpan: FLAG,
  ignore: [isIgnore, IGNORE_CURE],
  metrics: FLAG,
};

/**
 * Refuses options that are not known and values that cannot be used.
 *
 * @throws TracingConfigurationError naming the wrong option and what to write instead
 */
export function checkOptions(options: TypeOrmTracingOptions): void {
  check(options, CHECKS);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isMillis(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

function isCommenter(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  return typeof (value as { inject?: unknown } | null)?.inject === 'function';
}

function isIgnore(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isIgnore);
  return value instanceof RegExp || isFunction(value);
}
