import { TracingConfigurationError } from '../configuration.error.js';
import { faultsOf } from './option-fault.js';
import type { OptionSchema } from './option-schema.js';

/** So many faults are told beside the first: a log line is to stay one. */
const MAX_FURTHER = 9;

/**
 * Checks options as a whole and returns them with their defaults.
 *
 * @throws TracingConfigurationError naming the wrong options and what to write instead of each
 */
export function readOptions<Options, Settings>(
  schema: OptionSchema<Options, Settings>,
  given: unknown,
): Settings {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [first, ...others] = faultsOf(parsed.error).map(({ path, cure }) => ({
    option: path === '' ? 'options' : path,
    cure,
  }));
  const { option, cure } = first ?? { option: 'options', cure: 'cannot be used' };
  const further = others.slice(0, MAX_FURTHER).map((each) => ` | ${each.option}: ${each.cure}`);
  const left = others.length - further.length;
  const more = left > 0 ? [` | and ${left} more`] : [];
  throw new TracingConfigurationError(option, [cure, ...further, ...more].join(''));
}
