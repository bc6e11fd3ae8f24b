import type { OffloadModuleOptions } from 'nestjs-tracing';
import { bullmqBackend } from 'nestjs-tracing/bullmq';

const { REDIS_URL } = process.env;

/** Where seals are computed: on threads of this process or, with `REDIS_URL`, by the sealing service. */
export const offloadOptions: OffloadModuleOptions = REDIS_URL
  ? { backend: bullmqBackend({ connection: REDIS_URL, queue: 'demo' }) }
  : {};
