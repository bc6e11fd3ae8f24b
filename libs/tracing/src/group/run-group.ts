import type { GroupOptions, TaskGroup } from './group.interface.js';
import { GroupRun } from './group-run.js';
import { groupSettings } from './group-settings.js';
import { SpawningGroup } from './task-group.js';

/**
 * The body of a group.
 *
 * @example
 * ```ts
 * const body: GroupBody<Profile> = async (group) => {
 *   const [user, orders] = [group.spawn('user', loadUser), group.spawn('orders', loadOrders)];
 *   return { user: await user, orders: await orders };
 * };
 * ```
 */
export type GroupBody<T> = (group: TaskGroup) => T | PromiseLike<T>;

/** Runs a group, see `TracingService.group`. */
export function runGroup<T>(
  name: string,
  options: GroupOptions,
  body: GroupBody<T> | undefined,
): Promise<T> {
  try {
    const run = new GroupRun(groupSettings('group', name, options, body));
    const group = new SpawningGroup(run);
    return run.run(() => (body as GroupBody<T>)(group));
  } catch (misuse) {
    return Promise.reject(misuse as TypeError);
  }
}
