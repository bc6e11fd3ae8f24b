import type { FlatAttributes } from '../span/attributes/flat-attributes.interface.js';
import { spanSettingChecks } from '../span/span-setting-checks.js';
import { CallOptions } from '../validation/call-options.js';
import { attributesOf, callback, text } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import type { TracedOptions } from './traced.interface.js';

type Callback<Name extends 'name' | 'attributes'> = Extract<
  TracedOptions[Name],
  (...args: never[]) => unknown
>;

/** What a span may be named or described by, from the arguments of the method. */
export const methodChecks = {
  name: text.or(callback<Callback<'name'>>()).optional().describe('ClassName.method'),
  attributes: attributesOf<FlatAttributes>().or(callback<Callback<'attributes'>>()).optional(),
} as const;

export const tracedSchema = optionSchema<TracedOptions>()({
  ...methodChecks,
  result: callback<NonNullable<TracedOptions['result']>>().optional(),
  ...spanSettingChecks,
});

/** The options of `@Traced()`. */
export const tracedOptions = new CallOptions(tracedSchema);
