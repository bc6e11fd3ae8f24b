import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { Subscriber } from 'rxjs';
import type { Observable } from 'rxjs';
import type { SpanRecording } from '../../span/recording.js';

/**
 * Ends the span of one subscription, and delivers in the context of whoever subscribed: a client calls
 * back in that of the request that has opened the connection. An unsubscription after a value is a
 * success (`firstValueFrom` does so), one without any calls the request off.
 */
class RequestSubscriber<T> extends Subscriber<T> {
  readonly #subscriber: Subscriber<T>;
  readonly #recording: SpanRecording | undefined;
  readonly #caller = context.active();
  #isAnswered = false;

  constructor(subscriber: Subscriber<T>, recording: SpanRecording | undefined) {
    super(subscriber);
    this.#subscriber = subscriber;
    this.#recording = recording;
  }

  protected override _next(value: T): void {
    this.#isAnswered = true;
    within(this.#caller, () => this.#subscriber.next(value));
  }

  protected override _error(error: unknown): void {
    this.#recording?.failWith(error);
    within(this.#caller, () => super._error(error));
  }

  protected override _complete(): void {
    this.#recording?.succeed(undefined);
    within(this.#caller, () => super._complete());
  }

  override unsubscribe(): void {
    if (this.closed) return;
    if (this.#isAnswered) this.#recording?.succeed(undefined);
    else this.#recording?.callOff('unsubscribed');
    super.unsubscribe();
  }
}

/**
 * Gives each subscription a span, through an Observable of the same class that subscribes to the source.
 *
 * @param open opens the span; undefined where none is to be made
 * @param isPassed tells of a subscription that has no span, and whose deliveries somebody else sees to: then
 * the source has the subscriber itself
 */
export function traceSubscriptions<T>(
  source: Observable<T>,
  open: () => SpanRecording | undefined,
  isPassed?: () => boolean,
): Observable<T> {
  const { constructor: Plain } = source as unknown as {
    readonly constructor: new (subscribe: (subscriber: Subscriber<T>) => unknown) => Observable<T>;
  };
  return new Plain((subscriber) => {
    if (isPassed?.() === true) return source.subscribe(subscriber);
    const recording = open();
    const traced = new RequestSubscriber(subscriber, recording);
    const subscribe = () => source.subscribe(traced);
    return recording === undefined ? subscribe() : within(recording.context, subscribe);
  });
}

/** A change of the context costs more than all else here, and often it is the right one already. */
export function within<T>(ctx: Context, call: () => T): T {
  return context.active() === ctx ? call() : context.with(ctx, call);
}
