import type { TextMapPropagator } from '@opentelemetry/api';
import * as z from 'zod';
import { callback, duration, flag, hasMethods, oneOf, valueOf } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import { readOptions } from '../validation/read-options.js';
import type { StatementIgnoreRule, TypeOrmTracingOptions } from './typeorm-tracing.options.js';

const TOO_FEW = 'write a whole number of statements, 2 or more';

type Ignored = StatementIgnoreRule | readonly StatementIgnoreRule[];

export const typeormSchema = optionSchema<TypeOrmTracingOptions>()({
  queryText: oneOf('auto', 'sanitized', 'off').default('auto'),
  errorMessages: flag.default(false),
  attributes: callback<NonNullable<TypeOrmTracingOptions['attributes']>>().optional(),
  driverSpans: oneOf('suppress', 'nest', 'off').optional().describe('detected'),
  connectionWaitMillis: duration.default(50),
  implicitTransactions: flag.default(false),
  entityOperations: flag.default(false),
  returnedRows: flag.default(false),
  parameters: flag.default(false),
  sqlCommenter: valueOf<boolean | TextMapPropagator>(
    (value) => typeof value === 'boolean' || hasMethods(value, 'inject'),
    'write true, false or a TextMapPropagator',
  ).default(false),
  slowQueryMillis: duration.optional().describe('never'),
  repeatedQueries: z.int(TOO_FEW).min(2, TOO_FEW).optional().describe('never'),
  collapseRepeats: flag.default(false),
  requireParentSpan: flag.default(false),
  ignore: valueOf<Ignored>(
    isIgnored,
    'write a RegExp, a function from a statement to a boolean, or an array of them',
  )
    .transform((rules): readonly StatementIgnoreRule[] => [rules].flat())
    .prefault([]),
  metrics: flag.default(false),
});

/** The options with their defaults. */
export type ResolvedTypeOrmTracingOptions = z.output<typeof typeormSchema>;

/**
 * Checks the options and fills in what is left out.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function resolveTypeOrmTracingOptions(
  options: TypeOrmTracingOptions = {},
): ResolvedTypeOrmTracingOptions {
  return readOptions(typeormSchema, options);
}

function isIgnored(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isIgnored);
  return value instanceof RegExp || typeof value === 'function';
}
