import { availableParallelism } from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';
import type { OffloadBackend } from './backend.interface.js';

/**
 * How tasks are offloaded: the module's option `offload`.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ offload: { maxThreads: 4, maxQueue: 100, resourceLimits: { maxOldGenerationSizeMb: 256 } } });
 * ```
 */
export interface OffloadModuleOptions {
  /** Workers at most; the first starts with the first task. Default: one less than there are processors, at least 1. */
  maxThreads?: number;
  /** Calls that may wait for a worker; beyond it they are refused. Default: 1000. */
  maxQueue?: number;
  /** Milliseconds that a running task has to obey its signal before its worker is ended. Default: 1000. */
  graceMillis?: number;
  /** Where tasks run: worker threads, the caller's own thread (for tests), or a backend of your own. Default: `piscina`. */
  backend?: 'piscina' | 'inline' | OffloadBackend;
  /**
   * Memory limits of each worker in megabytes, as those of Node's `Worker`. At least 16 for
   * `maxOldGenerationSizeMb` and 0.5 for `stackSizeMb`. Default: Node's.
   */
  resourceLimits?: ResourceLimits;
}

/** The option with every default filled in. */
export type OffloadSettings = Required<Omit<OffloadModuleOptions, 'resourceLimits'>> &
  Pick<OffloadModuleOptions, 'resourceLimits'>;

/** The one place where the defaults of `offload` are merged. */
export function resolveOffload(given: OffloadModuleOptions = {}): OffloadSettings {
  return {
    maxThreads: given.maxThreads ?? Math.max(1, availableParallelism() - 1),
    maxQueue: given.maxQueue ?? 1000,
    graceMillis: given.graceMillis ?? 1000,
    backend: given.backend ?? 'piscina',
    ...(given.resourceLimits === undefined ? {} : { resourceLimits: given.resourceLimits }),
  };
}
