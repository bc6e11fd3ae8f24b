import { context } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { contextKey } from '../../context-key.js';
import { processSlot } from '../../process-slot.js';
import { SeenExceptions } from '../../entry/seen-exceptions.js';
import { Stamp } from '../../span/results/stamp.js';
import { withValue } from '../../tracer/context-with-value.js';
import type { RequestMethod } from '../request-method.js';
import type { SpanNames } from './span-names.js';

/** Names what a context knows of its request. */
const ACTIVE_REQUEST = contextKey('http request');

/** The mark on a request. One class of all copies of this package, which see each other's marks by it. */
const marks = processSlot(
  'request marks',
  () =>
    class Mark extends Stamp {
      #active: object;

      constructor(request: object, active: object) {
        super(request);
        this.#active = active;
      }

      static of(request: object): object | undefined {
        return #active in request ? request.#active : undefined;
      }

      static put(request: object, active: object): void {
        if (#active in request) request.#active = active;
        else new Mark(request, active);
      }
    },
);

/**
 * Holds what a context knows of its request: small facts. A context outlives its request with every timer,
 * socket and promise that was made in it, so nothing here may lead to the request or its response.
 */
export class ActiveRequest {
  #route: string | undefined;
  #span: Span | undefined;
  /** Of a span that records. */
  #method: RequestMethod | undefined;
  #seen: SeenExceptions | undefined;
  #isUnmatched = false;
  #isNamed = false;

  /** @param route its template, where the framework knows it beforehand */
  constructor(route: string | undefined) {
    this.#route = route;
  }

  /** Returns what the active context knows of its request. */
  static current(): ActiveRequest | undefined {
    return ActiveRequest.in(context.active());
  }

  /** Returns what a context knows of its request. */
  static in(ctx: Context): ActiveRequest | undefined {
    return ctx.getValue(ACTIVE_REQUEST) as ActiveRequest | undefined;
  }

  /** The route's template, when it is known. */
  get route(): string | undefined {
    return this.#route;
  }

  /**
   * Takes the template of the route that handles the request. The last one to tell is right. The span is
   * named after it at once: who looks at it while it is open sees what it does.
   */
  matched(route: string, names: SpanNames): void {
    this.#route = route.startsWith('/') ? route : `/${route}`;
    if (this.#method === undefined) return;
    this.#span?.updateName(names.of(this.#method, this.#route));
    this.#isNamed = true;
  }

  /** Whether its span is named after a route. */
  get isNamed(): boolean {
    return this.#isNamed;
  }

  /** Whether the framework has found no route, whatever matched on the way. */
  get isUnmatched(): boolean {
    return this.#isUnmatched;
  }

  /** Takes that the framework has found no route and says so by this exception. */
  unmatched(exception: unknown): void {
    if (this.#exceptions().isKnown(exception)) return;
    this.#isUnmatched = true;
    this.#route = undefined;
  }

  /** The message of the last exception that left the handler and is an error by the policy. */
  get failure(): string | undefined {
    const failure = this.#seen?.failure;
    return failure?.isExpected === false ? failure.message : undefined;
  }

  /**
   * Gives the request its span.
   *
   * @param isNamed whether that is named after a route already
   */
  recordOn(span: Span | undefined, method: RequestMethod, isNamed: boolean): void {
    this.#span = span;
    this.#isNamed = isNamed;
    if (span?.isRecording() === true) this.#method = method;
  }

  /**
   * Records an exception that leaves the application's code, once, however many filters see it. The
   * response decides whether the request has failed; the error policy, whether this says why.
   */
  failedWith(exception: unknown): void {
    this.#exceptions().record(this.#span, exception);
  }

  /** Most requests throw nothing. */
  #exceptions(): SeenExceptions {
    return (this.#seen ??= new SeenExceptions());
  }

  /** Returns a context that knows the request. */
  in(ctx: Context): Context {
    return withValue(ctx, ACTIVE_REQUEST, this);
  }

  /** Whether somebody has left a mark on the request. */
  static hasMarked(request: object): boolean {
    return marks.current.of(request) !== undefined;
  }

  /** Leaves a mark on the request: a module that is imported twice sees each request twice. */
  mark(request: object): void {
    marks.current.put(request, this);
  }

  /** Whether it is about this request. */
  isOf(request: object): boolean {
    return marks.current.of(request) === this;
  }
}
