import { TracingConfigurationError } from './configuration.error.js';

/** Whether a value can be used, and what to write instead. */
export type OptionCheck = readonly [accepts: (value: unknown) => boolean, cure: string];

/**
 * Refuses options that are not known and values that cannot be used.
 *
 * @throws TracingConfigurationError naming the wrong option and what to write instead
 */
export function checkOptions(options: object, checks: Readonly<Record<string, OptionCheck>>): void {
  if (typeof options !== 'object' || options === null) {
    throw new TracingConfigurationError('options', 'write an object, or leave them out');
  }
  for (const [name, value] of Object.entries(options)) checkOption(name, value, checks);
}

function checkOption(
  name: string,
  value: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
): void {
  const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (check === undefined) {
    const known = Object.keys(checks).join(', ');
    throw new TracingConfigurationError(name, `there is no such option; known are ${known}`);
  }
  const [accepts, cure] = check;
  if (value !== undefined && !accepts(value)) throw new TracingConfigurationError(name, cure);
}

/** Accepts one of some texts. */
export function oneOf(...values: readonly string[]): OptionCheck {
  const quoted = values.map((value) => `'${value}'`);
  const cure = `write ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return [(value) => values.includes(value as string), cure];
}
