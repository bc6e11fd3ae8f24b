import { availableParallelism } from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';
import { isTask } from '../../offload/define-task.js';
import type { AsJson } from '../../offload/json-value.js';
import type { AnyTask, WorkerTask } from '../../offload/task.interface.js';
import type { OptionCheck } from '../../options/check-options.js';
import { checkOptions, oneOf } from '../../options/check-options.js';
import { COUNT_CHECK, MILLIS_CHECK } from '../caller/bullmq-backend.options.js';
import type { QueueLocation, ResolvedLocation } from '../queue-location.js';
import { LOCATION_CHECKS, resolveLocation } from '../queue-location.js';
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
  /** The tasks of `defineTask()` that it runs, each of another name. One whose input or result is no JSON does not compile. */
  readonly tasks: T & { readonly [Key in keyof T]: JsonTask<T[Key]> };
  /** How many run at a time. Default: one less than there are processors, at least 1. */
  readonly concurrency?: number;
  /** Where they run: on worker threads, or on the thread of the host, for tasks that only wait. Default: `pool`. */
  readonly runOn?: 'pool' | 'process';
  /** Milliseconds that a task has to obey its signal before its worker is ended; on the host's own thread nothing can end it. Default: 1000. */
  readonly graceMillis?: number;
  /** Milliseconds after which another host may take the task of one that does not answer any more. Default: 30000. */
  readonly lockMillis?: number;
  /** Milliseconds between looks at whether there are such tasks. Default: 15000. */
  readonly stalledIntervalMillis?: number;
  /** How many hosts a task may lose before it is given up. Default: 1. */
  readonly maxStalledCount?: number;
  /** Milliseconds that closing waits for what runs. What is left then is for another host. Default: 10000. */
  readonly closeTimeoutMillis?: number;
  /** Memory limits of each worker thread, as those of Node's `Worker`. Default: Node's. */
  readonly resourceLimits?: ResourceLimits;
}

/** The options with every default filled in. */
export type OffloadHostSettings = Required<
  Omit<OffloadHostOptions, keyof QueueLocation | 'tasks' | 'resourceLimits'>
> &
  Pick<OffloadHostOptions, 'resourceLimits'> & {
    readonly location: ResolvedLocation;
    readonly tasks: HostTasks;
  };

const CHECKS: Readonly<Record<keyof OffloadHostOptions, OptionCheck>> = {
  ...LOCATION_CHECKS,
  tasks: [
    (value) => Array.isArray(value) && value.length > 0 && value.every(isTask),
    'write an array of tasks made by defineTask(), such as [hash, thumbnail]',
  ],
  concurrency: COUNT_CHECK,
  runOn: oneOf('pool', 'process'),
  graceMillis: MILLIS_CHECK,
  lockMillis: COUNT_CHECK,
  stalledIntervalMillis: COUNT_CHECK,
  maxStalledCount: [
    (value) => Number.isInteger(value) && (value as number) >= 0,
    'write a whole number, 0 or more',
  ],
  closeTimeoutMillis: MILLIS_CHECK,
  resourceLimits: [
    (value) => typeof value === 'object' && value !== null,
    'write an object of limits, such as { maxOldGenerationSizeMb: 256 }',
  ],
};

/**
 * The one place where the defaults of a host are merged.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function resolveHost(options: OffloadHostOptions): OffloadHostSettings {
  checkOptions(options, CHECKS);
  return {
    location: resolveLocation(options),
    tasks: new HostTasks(options.tasks),
    concurrency: options.concurrency ?? Math.max(1, availableParallelism() - 1),
    runOn: options.runOn ?? 'pool',
    graceMillis: options.graceMillis ?? 1000,
    lockMillis: options.lockMillis ?? 30_000,
    stalledIntervalMillis: options.stalledIntervalMillis ?? 15_000,
    maxStalledCount: options.maxStalledCount ?? 1,
    closeTimeoutMillis: options.closeTimeoutMillis ?? 10_000,
    resourceLimits: options.resourceLimits,
  } as OffloadHostSettings;
}
