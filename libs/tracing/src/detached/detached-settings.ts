import type {
  DetachedModuleOptions,
  DetachedSettings,
  OverflowPolicy,
} from './detached.interface.js';

/** The limits of one application's detached work. */
export interface DetachedLimits {
  readonly maxConcurrent: number;
  readonly maxPending: number;
  readonly overflow: OverflowPolicy;
}

/** The module's option `detached` with every default filled in. */
export interface ResolvedDetached extends DetachedLimits, Required<DetachedSettings> {}

/** The one place where the defaults of option `detached` are merged. */
export function resolveDetached(given: DetachedModuleOptions = {}): ResolvedDetached {
  return {
    maxConcurrent: given.maxConcurrent ?? Infinity,
    maxPending: given.maxPending ?? 1000,
    overflow: given.overflow ?? 'reject',
    ...mergeSettings(given, { parent: 'link', sampling: 'inherit', baggage: true }),
  };
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
