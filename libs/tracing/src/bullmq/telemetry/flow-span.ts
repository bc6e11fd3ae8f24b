import type { Context } from '@opentelemetry/api';
import type { Exception } from 'bullmq';
import { contextKey } from '../../context-key.js';
import type { JobFailure, QueueSpan } from './queue-span.js';
import { NoSpan } from './queue-span.js';

const FLOW = contextKey('flow of jobs');

/** Returns the flow that a context adds jobs of. */
export function flowOf(ctx: Context): FlowSpan | undefined {
  return ctx.getValue(FLOW) as FlowSpan | undefined;
}

/**
 * Keeps the spans of a flow's jobs open until Redis has taken all of them or none. BullMQ ends each
 * when it has put the job together, which is before it asks Redis. The flow itself has no span.
 */
export class FlowSpan extends NoSpan {
  readonly #jobs: QueueSpan[] = [];
  #failure: JobFailure | undefined;
  #ended = false;

  constructor() {
    super((ctx) => ctx.setValue(FLOW, this));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Takes over the end of a job's span, unless the flow is over: it may fail while jobs are put together. */
  keepOpen(job: QueueSpan): void {
    if (this.#ended) job.failWith(this.#failure);
    else this.#jobs.push(job);
  }

  override recordException(exception: Exception): void {
    this.#failure = { error: exception };
  }

  /** Ends the spans of its jobs, parents last. */
  override end(): void {
    this.#ended = true;
    for (const job of this.#jobs.splice(0).reverse()) {
      job.failWith(this.#failure);
      job.end();
    }
  }
}
