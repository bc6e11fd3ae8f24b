import type { Attributes as OtelAttributes, Context } from '@opentelemetry/api';
import type { Attributes, AttributeValue, Exception, Span } from 'bullmq';
import { contextKey } from '../../context-key.js';
import { legalAttributes } from '../../span/attributes/legal-attributes.js';
import type { SpanRecording } from '../../span/recording.js';
import type { QueueOperation } from '../messaging.js';
import { MESSAGING } from '../messaging.js';

const SPAN = contextKey('span of a job');

/** Returns the span of the attempt that a context belongs to. */
export function jobSpanOf(context: Context): QueueSpan | undefined {
  return context.getValue(SPAN) as QueueSpan | undefined;
}

/** Maps BullMQ's names to OpenTelemetry's, where it has one. The rest keeps BullMQ's names. */
const RENAMED: Readonly<Record<string, string | undefined>> = {
  'bullmq.job.id': MESSAGING.messageId,
  'bullmq.worker.id': MESSAGING.clientId,
  'bullmq.job.bulk.count': MESSAGING.batchCount,
  'bullmq.queue.name': MESSAGING.destination,
  'bullmq.queue.operation': undefined,
};

/** Says what went wrong with a job. */
export interface JobFailure {
  readonly error: unknown;
}

/** Keeps a span open that BullMQ ends, until it has ended itself. */
interface OuterOperation {
  readonly ended: boolean;
}

/** Records an operation on a job as BullMQ tells it: BullMQ opens, describes and ends the span. */
export class QueueSpan implements Span<Context> {
  readonly #operation: QueueOperation;
  readonly #recording: SpanRecording;
  readonly #outer: OuterOperation | undefined;
  /** Holds what BullMQ says went wrong. It may try again and succeed, so the last word counts. */
  #failure: JobFailure | undefined;
  /** Holds what the processor threw, if it is wrapped. */
  #thrown: JobFailure | undefined;

  /** @param outer ends the span when it is over itself */
  constructor(operation: QueueOperation, recording: SpanRecording, outer?: OuterOperation) {
    this.#operation = operation;
    this.#recording = recording;
    this.#outer = outer;
  }

  /** The span's own context: what was active in a worker's loop is no part of a job. */
  setSpanOnContext(): Context {
    return this.#recording.context.setValue(SPAN, this);
  }

  /** Keeps the error of a processor until BullMQ has said that the attempt has failed. */
  threw(error: unknown): void {
    this.#thrown = { error };
  }

  /** Fails it as the operation that it is a part of, unless it has failed by itself. */
  failWith(failure: JobFailure | undefined): void {
    this.#failure ??= failure;
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
    if (this.#outer?.ended === false) return;
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
  readonly #contextIn: (ctx: Context) => Context;

  /** @param contextIn returns the context that the work runs in. Default: the one around it */
  constructor(contextIn: (ctx: Context) => Context = (ctx) => ctx) {
    this.#contextIn = contextIn;
  }

  setSpanOnContext(context: Context): Context {
    return this.#contextIn(context);
  }

  setAttribute(): void {}
  setAttributes(): void {}
  addEvent(): void {}
  recordException(_exception: Exception): void {}
  end(): void {}
}
