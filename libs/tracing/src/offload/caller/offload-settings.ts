import { availableParallelism } from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';
import * as z from 'zod';
import {
  hasMethods,
  limitOrNone,
  millis,
  positiveCount,
  valueOf,
} from '../../validation/checks.js';
import type { OptionSchema } from '../../validation/option-schema.js';
import { optionSchema } from '../../validation/option-schema.js';
import type { OffloadBackend } from '../backend.interface.js';

/**
 * How tasks are offloaded: the module's option `offload`.
 *
 * @example
 * ```ts
 * const resourceLimits = { maxOldGenerationSizeMb: 256 };
 * TracingModule.forRoot({ offload: { maxThreads: 4, maxQueue: 100, resourceLimits } });
 * ```
 */
export interface OffloadModuleOptions {
  /**
   * Workers at most; the first starts with the first task. Default: one less than there are
   * processors, at least 1.
   */
  maxThreads?: number;
  /** Calls that may wait for a worker; beyond it they are refused. Default: 1000. */
  maxQueue?: number;
  /**
   * Milliseconds that a running task has to obey its signal before its worker is ended. Default:
   * 1000.
   */
  graceMillis?: number;
  /**
   * Where tasks run: worker threads, the caller's own thread (for tests), or a backend of your own.
   * Default: `piscina`.
   */
  backend?: 'piscina' | 'inline' | OffloadBackend;
  /**
   * Memory limits of each worker in megabytes, as those of Node's `Worker`. At least 16 for
   * `maxOldGenerationSizeMb` and 0.5 for `stackSizeMb`. Default: Node's.
   */
  resourceLimits?: ResourceLimits;
}

/** Below these a worker cannot start, and far below V8 ends the whole process. Measured on Node 24. */
export const resourceLimitsSchema: OptionSchema<ResourceLimits, ResourceLimits> =
  optionSchema<ResourceLimits>()({
    maxOldGenerationSizeMb: megabytes(16),
    maxYoungGenerationSizeMb: megabytes(1),
    codeRangeSizeMb: megabytes(1),
    stackSizeMb: megabytes(0.5),
  });

/** One less than there are processors: the application's own thread needs one. */
export const threadsByDefault = (): number => Math.max(1, availableParallelism() - 1);

export const THREADS_BY_DEFAULT = 'processors less one, at least 1';

export const offloadSchema = optionSchema<OffloadModuleOptions>()({
  maxThreads: positiveCount.default(threadsByDefault).describe(THREADS_BY_DEFAULT),
  maxQueue: limitOrNone.default(1000),
  graceMillis: millis.default(1000),
  backend: valueOf<'piscina' | 'inline' | OffloadBackend>(
    (value) => value === 'piscina' || value === 'inline' || isBackend(value),
    'write "piscina", "inline", or an OffloadBackend',
  ).default('piscina'),
  resourceLimits: resourceLimitsSchema.optional().describe("Node's"),
});

/** The option with every default filled in. */
export type OffloadSettings = z.output<typeof offloadSchema>;

/** Fills in the defaults of option `offload`. */
export function resolveOffload(given: OffloadModuleOptions = {}): OffloadSettings {
  return offloadSchema.parse(given);
}

function megabytes(least: number) {
  const cure = `write a number of megabytes, ${least} or more: no worker starts with less`;
  return z.number(cure).min(least, cure).optional().describe("Node's");
}

function isBackend(value: unknown): boolean {
  return (
    hasMethods(value, 'run', 'close') &&
    typeof (value as { concurrency?: unknown }).concurrency === 'number'
  );
}
