import type * as z from 'zod';
import { flag, limit, limitOrNone, oneOf, valueOf } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import type { DetachedModuleOptions, DetachedSettings } from './detached.interface.js';

/** What one task may say as well as the module, see `DetachedSettings`. */
export const detachedChecks = {
  parent: oneOf('link', 'child'),
  sampling: oneOf('inherit', 'independent'),
  baggage: valueOf<boolean | readonly string[]>(
    (value) => flag.safeParse(value).success || isListOfKeys(value),
    'write true, false or an array of baggage keys',
  ),
} as const;

export const detachedSchema = optionSchema<DetachedModuleOptions>()({
  maxConcurrent: limit.default(Infinity),
  maxPending: limitOrNone.default(1000),
  overflow: oneOf('reject', 'run-inline', 'drop-oldest').default('reject'),
  parent: detachedChecks.parent.default('link'),
  sampling: detachedChecks.sampling.default('inherit'),
  baggage: detachedChecks.baggage.default(true),
});

/** The module's option `detached` with every default filled in. */
export type ResolvedDetached = z.output<typeof detachedSchema>;

/** The limits of one application's detached work. */
export type DetachedLimits = Pick<ResolvedDetached, 'maxConcurrent' | 'maxPending' | 'overflow'>;

/** Fills in the defaults of option `detached`. */
export function resolveDetached(given: DetachedModuleOptions = {}): ResolvedDetached {
  return detachedSchema.parse(given);
}

/** What one task says goes before what the module says. */
export function mergeSettings(
  own: DetachedSettings,
  defaults: Required<DetachedSettings>,
): Required<DetachedSettings> {
  return {
    parent: own.parent ?? defaults.parent,
    sampling: own.sampling ?? defaults.sampling,
    baggage: own.baggage ?? defaults.baggage,
  };
}

function isListOfKeys(value: unknown): boolean {
  return Array.isArray(value) && value.every((key) => typeof key === 'string');
}
