import type { DiscoveryService } from '@nestjs/core';
import { guard } from '../../span/guard.js';
import { isObject } from '../../span/is-object.js';
import { isClient } from './client-shape.js';
import type { ClientShape } from './client-shape.js';

/** Where `@Client()` notes a property. */
const CLIENT_METADATA = 'microservices:is_client_instance';

/**
 * Finds the clients of an application: providers, as `ClientsModule` makes them, and the properties
 * with `@Client()`. Of other properties nothing is read.
 */
export function findClients(discovery: DiscoveryService): Set<ClientShape> {
  const found = new Set<ClientShape>();
  for (const { instance } of [
    ...discovery.getProviders(),
    ...discovery.getControllers(),
  ] as readonly { instance: unknown }[]) {
    guard('looking for a client', () => {
      for (const candidate of [instance, ...clientProperties(instance)]) {
        if (isClient(candidate)) found.add(candidate);
      }
    });
  }
  return found;
}

function clientProperties(instance: unknown): unknown[] {
  const found: unknown[] = [];
  let owner = isObject(instance) ? Reflect.getPrototypeOf(instance) : null;
  while (owner !== null && owner !== Object.prototype) {
    for (const key of Object.keys(owner)) {
      if (Reflect.getOwnMetadata(CLIENT_METADATA, owner, key) === true) {
        found.push(Reflect.get(instance as object, key));
      }
    }
    owner = Reflect.getPrototypeOf(owner);
  }
  return found;
}
