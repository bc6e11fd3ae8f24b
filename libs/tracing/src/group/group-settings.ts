import type { FlatAttributes } from '../span/attributes/flat-attributes.interface.js';
import type * as z from 'zod';
import { CallOptions } from '../validation/call-options.js';
import { attributesOf, limit, millis, oneOf, signal, timeout } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import type { GroupOptions } from './group.interface.js';

export const groupSchema = optionSchema<GroupOptions>()({
  concurrency: limit.default(Infinity),
  timeoutMillis: timeout.optional().describe('no limit'),
  signal: signal.optional(),
  onError: oneOf('cancel', 'continue').default('cancel'),
  errors: oneOf('first', 'aggregate').default('first'),
  attributes: attributesOf<FlatAttributes>().optional(),
  spans: oneOf('all', 'errors', 'none').default('all'),
  graceMillis: millis.default(1000),
});

/** A group's name, and its options with their defaults. */
export type GroupSettings = Omit<z.output<typeof groupSchema>, 'onError'> & {
  readonly name: string;
  readonly onError: 'cancel' | 'continue' | 'collect';
};

const groupOptions = new CallOptions(groupSchema);

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
  const settings = groupOptions.read(options, caller, name);
  if (typeof work !== 'function')
    throw new TypeError(`${caller}("${name}") needs a function to call.`);
  return Object.assign(settings, { name });
}
