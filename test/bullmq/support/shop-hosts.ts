import type { OffloadBackend } from 'nestjs-tracing/offload';
import { findRedis } from '../../support/services.js';
import { bullmqBackend } from './built.js';
import { Stage } from './stage.js';

/** Hosts elsewhere that run the tasks of the shop, and the backend that reaches them. */
export interface ShopHosts {
  readonly backend: OffloadBackend;
  close(): Promise<void>;
}

/** Starts a host of the shop's tasks; undefined where there is no Redis. */
export async function startHosts(options: object): Promise<ShopHosts | undefined> {
  if ((await findRedis()).missing !== undefined) return undefined;
  const stage = new Stage();
  await stage.host({ ...options, tasks: 'shop' });
  return { backend: bullmqBackend(stage.place), close: () => stage.close() };
}
