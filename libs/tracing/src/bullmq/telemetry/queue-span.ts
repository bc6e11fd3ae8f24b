import { createContextKey } from '@opentelemetry/api';
import type { Attributes as OtelAttributes, Context } from '@opentelemetry/api';
import type { Attributes, AttributeValue, Exception, Span } from 'bullmq';
import { legalAttributes } from '../../span/attributes.js';
import type { SpanRecording } from '../../span/recording.js';
import type { QueueOperation } from '../messaging.js';
import { MESSAGING } from '../messaging.js';

const SPAN = createContextKey('nestjs-tracing span of a job');

/** The span of the attempt that a context belongs to. */
export function jobSpanOf(scope: Context): QueueSpan | undefined {
  return scope.getValue(SPAN) as QueueSpan | undefined;
}

/** What BullMQ calls what OpenTelemetry has a name for. The rest keeps BullMQ's names. */
const RENAMED: Readonly<Record<string, string | undefined>> = {
  'bullmq.job.id': MESSAGING.messageId,
  'bullmq.worker.id': MESSAGING.clientId,
  'bullmq.job.bulk.count': MESSAGING.batchCount,
  'bullmq.queue.name': MESSAGING.destination,
  'bullmq.queue.operation': undefined,
};

/** The span of an operation on a job, as BullMQ wants it. BullMQ opens, describes and ends it. */
export class QueueSpan implements Span<Context> {
  readonly #operation: QueueOperation;
  readonly #recording: SpanRecording;
  /** What BullMQ says went wrong. It may try again and succeed, so the last word counts. */
  #failure: { readonly error: unknown } | undefined;
  /** What the processor threw, if it is wrapped. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(operation: QueueOperation, recording: SpanRecording) {
    this.#operation = operation;
    this.#recording = recording;
  }

  /** The span's own context: what was active in a worker's loop is no part of a job. */
  setSpanOnContext(): Context {
    return this.#recording.scope.setValue(SPAN, this);
  }

  /** Keeps the error of a processor until BullMQ has said that the attempt has failed. */
  threw(error: unknown): void {
    this.#thrown = { error };
  }

  setAttribute(key: string, value: AttributeValue): void {
    this.setAttributes({ [key]: value });
  }

  /** The name of the queue comes first of all; until then the span has the one that BullMQ gave it. */
  setAttributes(attributes: Attributes): void {
    const renamed = Object.entries(attributes).flatMap(([key, value]) => {
      const name = Object.hasOwn(RENAMED, key) ? RENAMED[key] : key;
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    });
    const { span } = this.#recording;
    const queue = attributes['bullmq.queue.name'];
    if (typeof queue === 'string') span.updateName(`${this.#operation} ${queue}`);
    span.setAttributes(legalAttributes(Object.fromEntries(renamed) as OtelAttributes));
  }

  /** The result that comes with `job completed` is the application's and stays out of the trace. */
  addEvent(name: string, attributes?: Attributes): void {
    if (name === 'job completed') this.#failure = undefined;
    else if (name === 'job failed') this.#fail(attributes?.['bullmq.job.failed.reason']);
    else this.#recording.span.addEvent(name);
  }

  recordException(exception: Exception): void {
    if (exception instanceof Error) this.#failure = { error: exception };
    else this.#fail(typeof exception === 'string' ? exception : exception.message);
  }

  end(): void {
    if (this.#failure === undefined) this.#recording.succeed(undefined);
    else this.#recording.fail(this.#failure.error);
  }

  #fail(message: AttributeValue | undefined): void {
    this.#failure = this.#thrown ?? { error: withoutStack(String(message ?? '')) };
  }
}

/** BullMQ tells an adapter the message of a failure, and no more. */
function withoutStack(message: string): Error {
  return Object.defineProperty(new Error(message), 'stack', { value: `Error: ${message}` });
}

/** Stands for what has no span. */
export class NoSpan implements Span<Context> {
  readonly #scopeIn: (scope: Context) => Context;

  /** @param scopeIn the context that the work runs in. Default: the one around it */
  constructor(scopeIn: (scope: Context) => Context = (scope) => scope) {
    this.#scopeIn = scopeIn;
  }

  setSpanOnContext(scope: Context): Context {
    return this.#scopeIn(scope);
  }

  setAttribute(): void {}
  setAttributes(): void {}
  addEvent(): void {}
  recordException(): void {}
  end(): void {}
}
