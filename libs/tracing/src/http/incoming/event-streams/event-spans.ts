import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import { asLinkedRoot } from '../../../entry/remote-parent.js';
import { registeredTracer } from '../../../span/registered-provider.js';
import { SpanRecording } from '../../../span/recording.js';
import { shadowEvents } from './sse-stream.js';
import type { SseMessage, SseStream } from './sse-stream.js';

/** The type that an event was given: what a browser listens to. */
const ATTR_EVENT_TYPE = 'async.sse.event.type';
const LONGEST_TYPE = 128;

/**
 * Gives every event of a stream a trace of its own, linked to the request: from when it is written until
 * the stream has room for another one.
 */
export class EventSpans {
  readonly #origin: Context;
  readonly #route: string | undefined;
  readonly #open = new Set<SpanRecording>();

  /** @param origin has the request's span */
  constructor(origin: Context, route: string | undefined) {
    this.#origin = origin;
    this.#route = route;
  }

  /** Opens them from now on. */
  of(stream: SseStream): this {
    shadowEvents(stream, (write) => (message, written) => {
      const recording = this.#start(message);
      if (recording === undefined) return write(message, written);
      const ended = (error?: unknown): void => {
        this.#end(recording, error);
        written(error);
      };
      try {
        return recording.run(write as never, undefined, [message, ended]);
      } catch (error) {
        this.#end(recording, error);
        throw error;
      }
    });
    return this;
  }

  /** The client has gone: what waits to be taken never will be. */
  leave(): void {
    for (const recording of this.#open) recording.callOff('the client has gone');
    this.#open.clear();
  }

  #start({ type }: SseMessage): SpanRecording | undefined {
    const tracer = registeredTracer();
    if (tracer === undefined) return undefined;
    const attributes: Attributes = {};
    if (this.#route !== undefined) attributes[ATTR_HTTP_ROUTE] = this.#route;
    if (typeof type === 'string') attributes[ATTR_EVENT_TYPE] = type.slice(0, LONGEST_TYPE);
    const name = this.#route === undefined ? 'send event' : `send event ${this.#route}`;
    const options = { kind: SpanKind.PRODUCER, attributes };
    const recording = new SpanRecording(tracer, { name, options }, asLinkedRoot(this.#origin));
    this.#open.add(recording);
    return recording;
  }

  #end(recording: SpanRecording, error: unknown): void {
    this.#open.delete(recording);
    if (error == null) recording.end();
    else recording.failWith(error);
  }
}
