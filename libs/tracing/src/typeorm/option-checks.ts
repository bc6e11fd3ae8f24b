import { TracingConfigurationError } from '../options/configuration.error.js';
import type { TypeOrmTracingOptions } from './typeorm-tracing.options.js';

type Check = readonly [accepts: (value: unknown) => boolean, cure: string];

const FLAG: Check = [(value) => typeof value === 'boolean', 'write true or false'];
const MILLIS: Check = [isMillis, 'write a number of milliseconds, 0 or more'];
const IGNORE_CURE = 'write a RegExp, a function from a statement to a boolean, or an array of them';

const CHECKS: Readonly<Record<keyof TypeOrmTracingOptions, Check>> = {
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
  if (typeof options !== 'object' || options === null) {
    throw new TracingConfigurationError('options', 'write an object, or leave them out');
  }
  for (const [name, value] of Object.entries(options)) checkOption(name, value);
}

function checkOption(name: string, value: unknown): void {
  const check = Object.hasOwn(CHECKS, name)
    ? CHECKS[name as keyof TypeOrmTracingOptions]
    : undefined;
  if (check === undefined) {
    const known = Object.keys(CHECKS).join(', ');
    throw new TracingConfigurationError(name, `there is no such option; known are ${known}`);
  }
  const [accepts, cure] = check;
  if (value !== undefined && !accepts(value)) throw new TracingConfigurationError(name, cure);
}

function oneOf(...values: readonly string[]): Check {
  const quoted = values.map((value) => `'${value}'`);
  const cure = `write ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return [(value) => values.includes(value as string), cure];
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
