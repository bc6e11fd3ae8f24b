import { processSlot } from '../process-slot.js';
import { isObject } from '../span/is-object.js';

/** An application of this process whose module of ours is set up, whether it has automatic spans or not. */
export interface Application {
  readonly minDurationMillis: number;
  /** Whether it has made an object, as far as there is one for all. */
  owns(instance: object): boolean;
}

const slot = processSlot('automatic applications', () => new Set<Application>());

/** Takes that an application is open. Returns what takes that back. */
export function openApplication(application: Application): () => void {
  const applications = slot.current;
  applications.add(application);
  return () => applications.delete(application);
}

/** An application that has chosen a method. */
export interface AutomaticUser {
  readonly application: Application;
  /** Of whose instances it has chosen it, where a class inherits it: their prototypes. */
  readonly only: WeakSet<object> | undefined;
  /** Whose instances it has excluded. */
  readonly never: WeakSet<object> | undefined;
}

/**
 * Returns the application that a call belongs to, if it has chosen the method. Of an object that is made per
 * request nobody knows whose it is where there are several applications: one that has chosen it counts.
 */
export function userOf(
  users: readonly AutomaticUser[],
  receiver: unknown,
): AutomaticUser | undefined {
  const user = slot.current.size > 1 ? userAmong(users, receiver) : users[0];
  return user !== undefined && takes(user, receiver) ? user : undefined;
}

function userAmong(users: readonly AutomaticUser[], receiver: unknown): AutomaticUser | undefined {
  if (!isObject(receiver)) return users.at(-1);
  for (const application of slot.current) {
    if (application.owns(receiver)) return users.find((user) => user.application === application);
  }
  return users.at(-1);
}

function takes({ only, never }: AutomaticUser, receiver: unknown): boolean {
  if (only === undefined && never === undefined) return true;
  const prototype: unknown = isObject(receiver) ? Object.getPrototypeOf(receiver) : undefined;
  if (!isObject(prototype)) return false;
  return never?.has(prototype) !== true && only?.has(prototype) !== false;
}
