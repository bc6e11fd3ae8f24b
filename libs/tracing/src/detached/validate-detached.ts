import type { FlatAttributes } from '../span/attributes/flat-attributes.interface.js';
import { methodChecks } from '../decorators/traced.schema.js';
import { spanSettingChecks } from '../span/span-setting-checks.js';
import { CallOptions } from '../validation/call-options.js';
import { attributesOf } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import type { DetachedMethodOptions, DetachedOptions } from './detached.interface.js';
import { detachedChecks } from './detached-settings.js';

const { kind, links, errors } = spanSettingChecks;
const { parent, sampling, baggage } = detachedChecks;

const checks = {
  kind,
  links,
  errors,
  parent: parent.optional(),
  sampling: sampling.optional(),
  baggage: baggage.optional(),
} as const;

/** The options of one task of `detach()`. */
export const detachOptions = new CallOptions(
  optionSchema<DetachedOptions>()({
    attributes: attributesOf<FlatAttributes>().optional(),
    ...checks,
  }),
);

/** The options of `@Detached()`. */
export const detachedMethodOptions = new CallOptions(
  optionSchema<DetachedMethodOptions>()({
    ...methodChecks,
    ...checks,
  }),
);

/**
 * @throws TypeError if a task has no name or nothing to do
 */
export function assertWork(name: unknown, work: unknown): void {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError('detach() needs a name, as a text.');
  }
  if (typeof work === 'function') return;
  const given =
    typeof (work as Partial<PromiseLike<unknown>> | null)?.then === 'function'
      ? ' It got a promise, whose work has already begun elsewhere: write () => the call instead.'
      : '';
  throw new TypeError(`detach("${name}") needs a function to call.${given}`);
}
