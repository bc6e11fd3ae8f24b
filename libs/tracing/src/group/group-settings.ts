import type { Attributes } from '@opentelemetry/api';
import type { GroupOptions } from './group.interface.js';

/** A group's options with their defaults. */
export interface GroupSettings {
  readonly name: string;
  readonly concurrency: number;
  readonly timeoutMillis: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onError: 'cancel' | 'continue' | 'collect';
  readonly errors: 'first' | 'aggregate';
  readonly attributes: Attributes | undefined;
  readonly spans: 'all' | 'errors' | 'none';
  readonly graceMillis: number;
}

/** The longest delay of a Node timer; a longer one would fire at once. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

type Check = (value: unknown) => string | undefined;

const CHECKS: Readonly<Record<keyof GroupOptions, Check>> = {
  concurrency: (value) =>
    Number.isInteger(value) && (value as number) > 0 ? undefined : 'write a whole number above 0',
  timeoutMillis: millis,
  signal: (value) => (value instanceof AbortSignal ? undefined : 'give an AbortSignal'),
  onError: oneOf('cancel', 'continue'),
  errors: oneOf('first', 'aggregate'),
  attributes: (value) =>
    typeof value === 'object' && value !== null ? undefined : 'write an object of attributes',
  spans: oneOf('all', 'errors', 'none'),
  graceMillis: millis,
};

/**
 * Checks a group's options and fills in the defaults.
 *
 * @param caller the method that was called, for the message
 * @throws TypeError naming what is wrong and what to write instead
 */
export function groupSettings(
  caller: string,
  name: unknown,
  options: GroupOptions,
  work: unknown,
): GroupSettings {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`${caller}() needs a name, as a text.`);
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${caller}("${name}") needs its options as an object.`);
  if (typeof work !== 'function')
    throw new TypeError(`${caller}("${name}") needs a function to call.`);
  for (const [option, value] of Object.entries(options)) {
    const fault = value === undefined ? undefined : faultOf(option, value);
    if (fault !== undefined) throw new TypeError(`${caller}("${name}"), ${option}: ${fault}.`);
  }
  return withDefaults(name, options);
}

function withDefaults(name: string, options: GroupOptions): GroupSettings {
  return {
    name,
    concurrency: options.concurrency ?? Infinity,
    timeoutMillis: options.timeoutMillis,
    signal: options.signal,
    onError: options.onError ?? 'cancel',
    errors: options.errors ?? 'first',
    attributes: options.attributes,
    spans: options.spans ?? 'all',
    graceMillis: options.graceMillis ?? 1000,
  };
}

function faultOf(option: string, value: unknown): string | undefined {
  if (Object.hasOwn(CHECKS, option)) return CHECKS[option as keyof GroupOptions](value);
  return `there is no such option; known are ${Object.keys(CHECKS).join(', ')}`;
}

function millis(value: unknown): string | undefined {
  const legal = typeof value === 'number' && value >= 0 && value <= MAX_TIMER_MILLIS;
  return legal ? undefined : `write a number of milliseconds from 0 to ${MAX_TIMER_MILLIS}`;
}

function oneOf(...values: readonly string[]): Check {
  const cure = `write ${values.map((value) => `"${value}"`).join(' or ')}`;
  return (value) => (values.includes(value as string) ? undefined : cure);
}
