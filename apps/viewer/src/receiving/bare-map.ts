import type { AttributeMap } from '../telemetry.interface.js';

/** Inherits nothing, so no key that a sender chooses is special. */
const Bare = function () {} as unknown as new () => AttributeMap;
Bare.prototype = Object.freeze(Object.create(null));

/**
 * An empty map of attributes. Maps of the same keys share their layout, which `Object.create(null)`,
 * always a hash table, does not: a span of eight attributes is a third smaller.
 */
export function bareMap(): AttributeMap {
  return new Bare();
}
