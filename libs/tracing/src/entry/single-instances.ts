import { types } from 'node:util';
import type { DiscoveryService } from '@nestjs/core';
import { isObject } from '../span/is-object.js';
import { readGuarded } from '../span/outcome/read-guarded.js';

/**
 * Returns the objects that an application has one of each, once Nest has made them all. Of a Proxy nothing
 * is known without asking it, so it is left out.
 */
export function singleInstances(discovery: DiscoveryService): object[] {
  const instances = new Set<object>();
  for (const wrapper of discovery.getProviders()) {
    const instance: unknown = wrapper.isDependencyTreeStatic() ? wrapper.instance : undefined;
    if (isObject(instance) && !types.isProxy(instance)) instances.add(instance);
  }
  return [...instances];
}

/** Whether an object has methods of all these names: so a package's objects are known without loading it. */
export function answersTo(instance: object, ...names: readonly string[]): boolean {
  return names.every((name) => typeof readGuarded(instance, name) === 'function');
}
