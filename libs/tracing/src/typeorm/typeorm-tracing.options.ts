import type { Attributes } from '@opentelemetry/api';
import { TracingConfigurationError } from '../options/configuration.error.js';

/** A statement that is about to be issued, as the `attributes` callback sees it. */
export interface IssuedStatement {
  /** The SQL text, unchanged. */
  readonly text: string;
  /** The parameters, as TypeORM hands them to the driver. */
  readonly parameters: readonly unknown[];
}

/** How the statements of a DataSource are traced. Every option is optional. */
export interface TypeOrmTracingOptions {
  /**
   * What `db.query.text` holds. `auto`: a statement with parameters as it is, any other without its
   * literals. `sanitized`: every statement without its literals. `off`: nothing. Default: `auto`.
   */
  readonly queryText?: 'auto' | 'sanitized' | 'off';
  /**
   * Whether the message of a failed statement is recorded. Databases quote values in it, so by
   * default spans say class and code alone. Default: false.
   */
  readonly errorMessages?: boolean;
  /**
   * Further attributes of a statement's span, given at its start so that samplers see them. What it
   * throws goes to `diag`; the statement runs.
   */
  readonly attributes?: (statement: IssuedStatement) => Attributes;
}

/** The options with their defaults. */
export interface ResolvedTypeOrmTracingOptions {
  readonly queryText: 'auto' | 'sanitized' | 'off';
  readonly errorMessages: boolean;
  readonly attributes: ((statement: IssuedStatement) => Attributes) | undefined;
}

const CHECKS: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  queryText: [
    (value) => value === 'auto' || value === 'sanitized' || value === 'off',
    "write 'auto', 'sanitized' or 'off'",
  ],
  errorMessages: [(value) => typeof value === 'boolean', 'write true or false'],
  attributes: [
    (value) => typeof value === 'function',
    'write a function from a statement to attributes',
  ],
};

/**
 * Checks the options and fills in what is left out.
 *
 * @throws TracingConfigurationError naming the wrong option and what to write instead
 */
export function resolveTypeOrmTracingOptions(
  options: TypeOrmTracingOptions = {},
): ResolvedTypeOrmTracingOptions {
  for (const [name, value] of Object.entries(options)) checkOption(name, value);
  const { queryText = 'auto', errorMessages = false, attributes } = options;
  return { queryText, errorMessages, attributes };
}

function checkOption(name: string, value: unknown): void {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (check === undefined) {
    const known = Object.keys(CHECKS).join(', ');
    throw new TracingConfigurationError(name, `there is no such option; known are ${known}`);
  }
  const [accepts, cure] = check;
  if (value !== undefined && !accepts(value)) throw new TracingConfigurationError(name, cure);
}
