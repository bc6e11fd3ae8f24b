import { SpanKind, context } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type { Observable } from 'rxjs';
import { isLeftOut } from '../../span/left-out.js';
import { openSpan } from '../../span/record.js';
import type { SpanRecording } from '../../span/recording.js';
import { isObject } from '../../span/is-object.js';
import { isPlainObservable } from '../../span/results/observable.js';
import { MESSAGING, describeEvent, describeRequest } from '../conventions.js';
import type { SpanStart, TransportName } from '../conventions.js';
import { patternText } from '../pattern.js';
import { answersByCallback, transportOf } from './client-shape.js';
import type { ClientShape } from './client-shape.js';
import { traceEmission } from './emission.js';
import { KnownPatterns } from './known-patterns.js';
import { describeReply } from './reply-error.js';
import { traceSubscriptions } from './request-subscriber.js';
import { serverAttributes } from './server-address.js';

/** Calls what a stand-in stands for. */
type Original = (args: readonly unknown[]) => unknown;

/** Opens the spans of the messages that one client sends. */
export class TracedMessages {
  readonly #client: ClientShape;
  readonly #transport: TransportName;
  readonly #server: Attributes;
  readonly #patterns = new KnownPatterns();
  readonly #isPassed: (() => boolean) | undefined;

  constructor(client: ClientShape) {
    this.#client = client;
    this.#transport = transportOf(client);
    this.#server = serverAttributes(client, this.#transport);
    if (answersByCallback(client)) this.#isPassed = () => isLeftOut(context.active());
  }

  /** A request: a CLIENT span for each subscription, from then to complete, error or unsubscribe. */
  send(original: Original, args: readonly unknown[]): unknown {
    const answer = original(args);
    const isPassed = this.#isPassed;
    // What Nest's own `send` answers is one, and costs more to look at than all else that is done here.
    if (!isObject(answer) || (isPassed === undefined && !isPlainObservable(answer))) return answer;
    const [pattern] = args;
    const open = (): SpanRecording | undefined => this.#openRequest(pattern);
    return traceSubscriptions(answer as Observable<unknown>, open, isPassed);
  }

  /** An event: a PRODUCER span from the call to the broker's word, where it gives one. */
  emit(original: Original, args: readonly unknown[], batchCount?: number): unknown {
    const [pattern, data] = args;
    if (isNil(pattern) || isNil(data)) return original(args);
    const open = () =>
      isLeftOut(context.active())
        ? undefined
        : this.#open(SpanKind.PRODUCER, this.#describe(pattern, batchCount));
    const recording = open();
    if (recording === undefined) return traceEmission(original(args), undefined, open);
    try {
      const emitted = context.with(recording.context, () => original(args));
      return traceEmission(emitted, recording, open);
    } catch (error) {
      recording.failWith(error);
      throw error;
    }
  }

  /** Events in one batch: one PRODUCER span, which every message of it carries. */
  emitBatch(original: Original, args: readonly unknown[]): unknown {
    const { messages } = (args[1] ?? {}) as { readonly messages?: readonly unknown[] };
    return this.emit(original, args, Array.isArray(messages) ? messages.length : undefined);
  }

  #openRequest(pattern: unknown): SpanRecording | undefined {
    if (isLeftOut(context.active())) return undefined;
    const text = patternText(pattern);
    const { name, attributes } = describeRequest(this.#transport, text);
    return this.#open(SpanKind.CLIENT, {
      name: this.#patterns.mayName(text) ? name : 'nestjs',
      attributes,
    });
  }

  #describe(pattern: unknown, batchCount: number | undefined): SpanStart {
    const text = patternText(pattern);
    const start = describeEvent('publish', this.#transport, text, this.#destination(text));
    if (batchCount !== undefined) start.attributes[MESSAGING.batchCount] = batchCount;
    return this.#patterns.mayName(text) ? start : { ...start, name: 'publish' };
  }

  /** Nest sends to a queue of RabbitMQ, which is not the pattern, unless an exchange is to choose it. */
  #destination(pattern: string): string {
    const { queue, options } = this.#client as unknown as RabbitMqClient;
    if (this.#transport !== 'rmq' || typeof queue !== 'string') return pattern;
    if (options?.wildcards !== true && options?.exchangeType !== 'fanout') return queue;
    return `${options.exchange ?? queue}:${pattern}`;
  }

  #open(kind: SpanKind, { name, attributes }: SpanStart): SpanRecording | undefined {
    if (isTracingSuppressed(context.active())) return undefined;
    const options = { kind, attributes: { ...attributes, ...this.#server } };
    return openSpan({ name, options, describeError: describeReply as never });
  }
}

/** A client of RabbitMQ, as far as it is looked at. */
interface RabbitMqClient {
  readonly queue?: unknown;
  readonly options?: {
    readonly wildcards?: boolean;
    readonly exchange?: string;
    readonly exchangeType?: string;
  };
}

function isNil(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
