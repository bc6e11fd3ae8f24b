import type { Transferable } from 'node:worker_threads';
import type { Attributes } from '@opentelemetry/api';
import type { EncodedThrown, FindPrototype } from './wire/error-codec.js';
import type { EncodedSpan } from './returning-spans/span-codec.js';
import type { EnqueueOptions, EnqueuedTask } from './offload.options.js';
import type { AnyTask } from './task/task.interface.js';
import type { TaskSpan } from './returning-spans/task-span.js';
import type { ParentWords } from '../propagation/local-parent.js';
import type { TraceHeaders } from '../propagation/trace-headers.js';

/**
 * Asks for one run of a task.
 *
 * @example
 * ```ts
 * async run({ task, input, signal }: OffloadCall): Promise<OffloadReply> {
 *   return this.fleet.post(task.name, input, signal);
 * }
 * ```
 */
export interface OffloadCall {
  /** The task to run. */
  readonly task: AnyTask;
  /** Given to the task. */
  readonly input: unknown;
  /** The caller's span and baggage. */
  readonly headers: TraceHeaders;
  /**
   * The caller's span in numbers. Set only for a backend that `readsParent`; there are no headers then.
   *
   * @internal
   */
  readonly parent?: ParentWords | undefined;
  /** Whether the caller's span records, so that the spans of the task are wanted. */
  readonly recording: boolean;
  /** When it was asked for: milliseconds since the epoch, with a fraction. */
  readonly submittedAt: number;
  /** The parts of the input that move there instead of being copied, if it stays on this machine. */
  readonly transfer: readonly Transferable[];
  /** How often it may be tried; undefined leaves it to the backend. */
  readonly attempts?: number | undefined;
  /** The caller has given up: the running task is to be told. */
  readonly signal: AbortSignal | undefined;
  /** The task did not listen: it is to be ended, and `run` to reject. */
  readonly kill: AbortSignal | undefined;
}

/**
 * Tells what one attempt at a task left behind.
 *
 * @example
 * ```ts
 * const attempt: OffloadAttempt = { spans: collected, thrown: undefined };
 * ```
 */
export interface OffloadAttempt {
  /** Set if the task threw or rejected. */
  readonly thrown?: EncodedThrown | undefined;
  /** The finished spans that are not in the main pipeline yet, in the order of their ends. */
  readonly spans?: readonly EncodedSpan[] | undefined;
  /** How many more there were than one reply may carry. */
  readonly droppedSpans?: number | undefined;
  /**
   * The task's own span, where all else about it is known: of a call that had a `parent`.
   *
   * @internal
   */
  readonly taskSpan?: TaskSpan | undefined;
  /** False if the caller had given up before the task began. Default: true. */
  readonly started?: boolean | undefined;
}

/**
 * Tells what came of a task that has settled.
 *
 * @example
 * ```ts
 * return { value, spans, queueWaitMillis: startedAt - call.submittedAt, thread: 0 };
 * ```
 */
export interface OffloadReply extends OffloadAttempt {
  /** The result of the task. */
  readonly value?: unknown;
  /** Milliseconds from the call to the start of the task. */
  readonly queueWaitMillis: number;
  /** The id of the thread that it ran on. */
  readonly thread: number;
  /** The attempts before the last, of a backend that repeats failed tasks. */
  readonly earlier?: readonly OffloadAttempt[] | undefined;
  /** Further attributes of the caller's span. */
  readonly attributes?: Attributes | undefined;
}

/**
 * Runs offloaded tasks. The queue before it, spans, errors and cancellation are not its concern.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ offload: { backend: new FleetBackend() } }); // implements OffloadBackend
 * ```
 */
export interface OffloadBackend {
  /** How many calls it takes at once; the others wait. Infinity if it has a queue of its own. */
  readonly concurrency: number;
  /**
   * Whether it takes the caller's span from `call.parent`, where that is set.
   *
   * @internal
   */
  readonly readsParent?: boolean;
  /**
   * Runs a task and resolves with its reply, also if the task failed.
   *
   * @throws OffloadCrashError if whatever runs it ended before it replied
   * @throws OffloadConnectionError if whatever runs it cannot be reached
   */
  run(call: OffloadCall): Promise<OffloadReply>;
  /** Takes a task that nobody waits for. Absent if it could not outlive this process. */
  enqueue?(task: AnyTask, input: unknown, options: EnqueueOptions): Promise<EnqueuedTask>;
  /**
   * Called when the application starts. Absent if there is nothing to be made sure of.
   *
   * @throws OffloadTaskFileError if a task of this process could not run
   */
  checkTasks?(): void;
  /** Finds the classes of errors that only this backend knows. */
  readonly findPrototype?: FindPrototype;
  /** Ends everything at once; what still runs rejects. */
  close(): Promise<void>;
}
