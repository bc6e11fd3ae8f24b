import type { SpanLimits } from '@opentelemetry/sdk-trace';
import type { EncodedThrown } from '../wire/error-codec.js';
import type { ParentWords } from '../../propagation/local-parent.js';
import type { TraceHeaders } from '../../propagation/trace-headers.js';
import type { TaskSpan } from '../returning-spans/task-span.js';
import type { EncodedSpan } from '../returning-spans/span-codec.js';

/** Tells a worker how to start. The key also marks the thread as a worker of this package. */
export interface WorkerSettings {
  readonly 'nestjs-tracing:offload': {
    /** One flag for each call that runs: not 0 once its caller has given up. */
    readonly flags: Int32Array;
    readonly spanLimits: SpanLimits;
  };
}

/** A call on its way to a worker. A tuple: the names of fields would travel with each. */
export type CallMessage = readonly [
  file: string,
  name: string,
  input: unknown,
  recording: boolean,
  submittedAt: number,
  flag: number,
  headers: TraceHeaders | undefined,
  parent: ParentWords | undefined,
];

/** A reply on its way back. */
export type ReplyMessage = readonly [
  value: unknown,
  thrown: EncodedThrown | undefined,
  queueWaitMillis: number,
  thread: number,
  spans: readonly EncodedSpan[] | undefined,
  droppedSpans: number,
  started: boolean,
  taskSpan?: TaskSpan | undefined,
];

/** The flag of a call that nobody can call off. */
export const NO_FLAG = -1;
