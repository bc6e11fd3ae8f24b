import { processSlot } from '../process-slot.js';
import { resolveDetached } from './detached-settings.js';
import { DetachedRegistry } from './detached.registry.js';

/**
 * The registry of the module that was loaded last, where `@Detached` methods register their work. The
 * work of code that runs outside of any module is traced, and nobody drains it.
 */
const slot = processSlot('detached registry', () => new DetachedRegistry(resolveDetached()));

/** Which application's instances have detached methods: they stay its own, whatever else is started. */
const owners = processSlot('detached owners', () => new WeakMap<object, DetachedRegistry>());

/** Makes an instance's detached methods those of an application. */
export function ownDetached(instance: object, registry: DetachedRegistry): void {
  owners.current.set(instance, registry);
}

/** The registry of an instance's application, else of the module that was loaded last, if any. */
export function registryOf(instance: unknown): DetachedRegistry {
  const own =
    typeof instance === 'object' && instance !== null ? owners.current.get(instance) : undefined;
  return own ?? slot.current;
}

/** Makes a module's registry the one of work that has no owner. The function returned takes it out again. */
export function installRegistry(registry: DetachedRegistry): () => void {
  return slot.install(registry);
}
