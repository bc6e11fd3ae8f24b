import { runtime } from '../runtime.js';
import { resolveDetached } from './detached-settings.js';
import { DetachedRegistry } from './detached.registry.js';

/** Holds the detached work of code that runs outside of any module: it is traced, and nobody drains it. */
const WITHOUT_MODULE = new DetachedRegistry(resolveDetached());

/** Which application's instances have detached methods: they stay its own, whatever else is started. */
const owners = new WeakMap<object, DetachedRegistry>();

/** Makes an instance's detached methods those of an application. */
export function ownDetached(instance: object, registry: DetachedRegistry): void {
  owners.set(instance, registry);
}

/** The registry of an instance's application, else of the module that was loaded last, if any. */
export function registryOf(instance: unknown): DetachedRegistry {
  const own = typeof instance === 'object' && instance !== null ? owners.get(instance) : undefined;
  return own ?? runtime().detached ?? WITHOUT_MODULE;
}
