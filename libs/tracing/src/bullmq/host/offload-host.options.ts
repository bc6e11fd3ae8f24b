import type { ResourceLimits } from 'node:worker_threads';
import type * as z from 'zod';
import {
  THREADS_BY_DEFAULT,
  resourceLimitsSchema,
  threadsByDefault,
} from '../../offload/caller/offload-settings.js';
import { isTask } from '../../offload/task/define-task.js';
import type { AsJson } from '../../offload/wire/json-value.js';
import type { AnyTask, WorkerTask } from '../../offload/task/task.interface.js';
import { count, interval, millis, oneOf, positiveCount, valueOf } from '../../validation/checks.js';
import { optionSchema } from '../../validation/option-schema.js';
import { readOptions } from '../../validation/read-options.js';
import type { QueueLocation, ResolvedLocation } from '../queue-location.js';
import { locationChecks } from '../queue-location.js';
import { HostTasks } from './host-tasks.js';

/**
 * A task whose input and result survive JSON; of another type it is `never`.
 *
 * @example
 * ```ts
 * // a task whose input holds a Date does not compile here: JSON makes it a text
 * createOffloadHost({ tasks: [resize], connection });
 * ```
 */
export type JsonTask<T> =
  T extends WorkerTask<infer I, infer O>
    ? [I] extends [AsJson<I>]
      ? [O] extends [AsJson<O> | void]
        ? T
        : never
      : never
    : never;

/**
 * How a host runs tasks.
 *
 * @example
 * ```ts
 * OffloadHostModule.forRoot({ tasks: [resize], connection: 'redis://redis:6379', concurrency: 4 });
 * ```
 */
export interface OffloadHostOptions<
  T extends readonly AnyTask[] = readonly AnyTask[],
> extends QueueLocation {
  /**
   * The tasks of `defineTask()` that it runs, each of another name. One whose input or result is no
   * JSON does not compile.
   */
  readonly tasks: T & { readonly [Key in keyof T]: JsonTask<T[Key]> };
  /** How many run at a time. Default: one less than there are processors, at least 1. */
  readonly concurrency?: number;
  /**
   * Where they run: on worker threads, or on the thread of the host, for tasks that only wait.
   * Default: `pool`.
   */
  readonly runOn?: 'pool' | 'process';
  /**
   * Milliseconds that a task has to obey its signal before its worker is ended; on the host's own
   * thread nothing can end it. Default: 1000.
   */
  readonly graceMillis?: number;
  /**
   * Milliseconds after which another host may take the task of one that does not answer any more.
   * Default: 30000.
   */
  readonly lockMillis?: number;
  /** Milliseconds between looks at whether there are such tasks. Default: 15000. */
  readonly stalledIntervalMillis?: number;
  /** How many hosts a task may lose before it is given up. Default: 1. */
  readonly maxStalledCount?: number;
  /**
   * Milliseconds that closing waits for what runs. What is left then is for another host. Default:
   * 10000.
   */
  readonly closeTimeoutMillis?: number;
  /** Memory limits of each worker thread, as those of Node's `Worker`. Default: Node's. */
  readonly resourceLimits?: ResourceLimits;
}

export const hostSchema = optionSchema<OffloadHostOptions>()({
  ...locationChecks,
  tasks: valueOf<readonly AnyTask[]>(
    (value) => Array.isArray(value) && value.length > 0 && value.every(isTask),
    'write an array of tasks made by defineTask(), such as [hash, thumbnail]',
  ),
  concurrency: positiveCount.default(threadsByDefault).describe(THREADS_BY_DEFAULT),
  runOn: oneOf('pool', 'process').default('pool'),
  graceMillis: millis.default(1000),
  lockMillis: interval.default(30_000),
  stalledIntervalMillis: interval.default(15_000),
  maxStalledCount: count.default(1),
  closeTimeoutMillis: millis.default(10_000),
  resourceLimits: resourceLimitsSchema.optional().describe("Node's"),
});

/** The options with every default filled in. */
export type OffloadHostSettings = Omit<
  z.output<typeof hostSchema>,
  keyof QueueLocation | 'tasks'
> & { readonly location: ResolvedLocation; readonly tasks: HostTasks };

/**
 * Checks the options of a host and fills in the defaults.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function resolveHost(options: OffloadHostOptions): OffloadHostSettings {
  const { connection, queue, prefix, tasks, ...settings } = readOptions(hostSchema, options);
  return { ...settings, location: { connection, queue, prefix }, tasks: new HostTasks(tasks) };
}
