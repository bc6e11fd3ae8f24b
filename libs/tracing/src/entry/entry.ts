import { SpanStatusCode, context } from '@opentelemetry/api';
import type { Context, Span, TimeInput } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { contextKey } from '../context-key.js';
import { SpanRecording } from '../span/recording.js';
import { withoutReply } from '../span/error-policy.js';
import type { ErrorReading } from '../span/outcome/failure.js';
import {
  ATTR_TASK_CANCEL_REASON,
  ATTR_TASK_OUTCOME,
  describeReason,
} from '../span/outcome/called-off.js';
import { registeredTracer } from '../span/registered-provider.js';
import { runtime } from '../span/runtime.js';
import { withValue } from '../tracer/context-with-value.js';
import { entryOptions } from './entry-options.js';
import type { EntrySpec } from './entry-spec.interface.js';
import { RunningCalls } from './running-calls.js';
import { SeenExceptions } from './seen-exceptions.js';

/** Names what a context knows of the message, call, socket event or operation that it belongs to. */
const ENTRY = contextKey('entry');
/** The method that handles what came in, as `Class.method`. */
const CODE_FUNCTION_NAME = 'code.function.name';
/** False if an exception kept what came in from its handler: a guard refused it, or a pipe threw. */
const ATTR_HANDLER_REACHED = 'nestjs.handler.reached';

/**
 * One message, call, socket event or operation that has come in: a span from its opening to its only end.
 * A context outlives it with every timer, socket and promise that was made in it, so it knows small facts
 * only, and nothing here may lead to a message, socket, argument or result.
 * One that is sampled out, or has no SDK, records nothing: its context matters then, and whether it fails.
 *
 * @example
 * ```ts
 * const entry = new Entry({ name: 'sum', kind: SpanKind.SERVER, attributes, from: NO_PARENT });
 * open.add(entry);
 * const reply = entry.run(handle, undefined, [message]);
 * entry.succeed();
 * ```
 */
export class Entry {
  readonly name: string;
  /** The context that the work is to run in. */
  readonly context: Context;
  /** The calls of its handlers, where it has several: each of them has a span. */
  readonly calls: RunningCalls | undefined;
  readonly seen = new SeenExceptions();
  readonly startMillis = performance.now();
  readonly #recording: SpanRecording | undefined;
  readonly #reading: ErrorReading;
  #isOpen: boolean;
  #reachedMillis: number | undefined;
  #isRefused = false;
  #ended: ((entry: Entry) => void) | undefined;

  constructor(spec: EntrySpec) {
    const { name, from } = spec;
    this.name = name;
    this.calls = spec.handlerSpans === true ? new RunningCalls() : undefined;
    this.#reading = spec.unanswered === true ? { errors: withoutReply(runtime().errors) } : {};
    const tracer = registeredTracer();
    const ctx = withValue(from.parent, ENTRY, this);
    this.#recording =
      tracer && new SpanRecording(tracer, { name, options: entryOptions(spec) }, ctx);
    this.context = this.#recording?.context ?? ctx;
    this.#isOpen = this.#recording?.isHeeded === true;
  }

  /** The entry that the active context belongs to. */
  static current(): Entry | undefined {
    return Entry.in(context.active());
  }

  /** The entry that a context belongs to. */
  static in(ctx: Context): Entry | undefined {
    return ctx.getValue(ENTRY) as Entry | undefined;
  }

  /** Whether its end matters and has not come. If not, nothing but its context matters. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** For attributes, events and links. Undefined without an SDK. */
  get span(): Span | undefined {
    return this.#recording?.span;
  }

  /** When its handler was first called, by `performance.now()`. */
  get reachedMillis(): number | undefined {
    return this.#reachedMillis;
  }

  /** Calls a function in its context. */
  run<Args extends unknown[], T>(fn: (...args: Args) => T, receiver: unknown, args: Args): T {
    return context.with(this.context, () => Reflect.apply(fn, receiver, args) as T);
  }

  /** Takes that a handler is called now. */
  reached(codeName: string): void {
    if (!this.#isOpen || this.#reachedMillis !== undefined) return;
    this.#reachedMillis = performance.now();
    this.span?.setAttribute(CODE_FUNCTION_NAME, codeName);
  }

  /** Records an exception of its work, as it was thrown, once; what becomes of it the end says. */
  threw(exception: unknown): void {
    if (this.#isOpen) this.seen.record(this.span, exception, this.#reading);
  }

  /** As `threw`, of an exception that left Nest's guards, interceptors, pipes and handlers. */
  refused(exception: unknown): void {
    this.#isRefused = true;
    this.threw(exception);
  }

  /** Tells somebody once that it has ended. */
  whenEnded(ended: (entry: Entry) => void): void {
    this.#ended = ended;
  }

  /** Sets the time at which it is going to end. Default: when it is ended. */
  endAt(time: TimeInput): void {
    this.#recording?.endAt(time);
  }

  /** Ends it as answered, or done. What has been seen on the way stays an event. */
  succeed(): void {
    this.#end();
  }

  /** Ends it by what has been seen on the way: an exception is its failure, whatever a filter made of it. */
  settle(): void {
    const { failure } = this.seen;
    if (failure !== undefined) this.#fail(failure.type, failure.isExpected, failure.message);
    this.#end();
  }

  /**
   * Ends it as failed.
   *
   * @param answer what it was answered with. An exception that was seen before says more than the answer
   * that a filter made of it
   */
  fail(answer: unknown): void {
    if (this.seen.failure === undefined) this.threw(answer);
    this.settle();
  }

  /**
   * Ends it by its protocol's own word, such as a status of gRPC.
   *
   * @param type `error.type`
   * @param isError whether the status is to be ERROR
   * @param details its message, if no exception has been seen
   */
  failAs(type: string, isError: boolean, details?: string): void {
    this.#fail(type, !isError, this.seen.failure?.message ?? details);
    this.#end();
  }

  /** Ends it as called off by its caller: neither status nor `error.type` is set. */
  cancel(reason: unknown): void {
    this.#tell('cancelled');
    if (this.#isOpen) this.span?.setAttribute(ATTR_TASK_CANCEL_REASON, describeReason(reason));
    this.#end();
  }

  /** Ends it as abandoned: its handler has not ended, and nobody waits any more. */
  abandon(): void {
    this.#tell('abandoned');
    if (this.#isOpen) this.#fail('abandoned', false, 'its handler has not ended');
    this.#end();
  }

  #tell(outcome: 'cancelled' | 'abandoned'): void {
    if (this.#isOpen) this.span?.setAttribute(ATTR_TASK_OUTCOME, outcome);
  }

  #fail(type: string, isExpected: boolean, message: string | undefined): void {
    if (!this.#isOpen || this.span === undefined) return;
    if (!isExpected) this.#recording?.revive();
    this.span.setAttribute(ATTR_ERROR_TYPE, type);
    const text = message === undefined ? {} : { message };
    if (!isExpected) this.span.setStatus({ code: SpanStatusCode.ERROR, ...text });
  }

  #end(): void {
    if (!this.#isOpen) return;
    const isStopped = this.#isRefused && this.#reachedMillis === undefined;
    if (isStopped) this.span?.setAttribute(ATTR_HANDLER_REACHED, false);
    this.#isOpen = false;
    this.#recording?.end();
    const ended = this.#ended;
    this.#ended = undefined;
    ended?.(this);
  }
}
