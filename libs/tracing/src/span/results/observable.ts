import { types } from 'node:util';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { SchedulerLike, Subscriber } from 'rxjs';
import { Observable, Subscription, observeOn, tap } from 'rxjs';
import type { RecordedCall } from '../recorded-call.interface.js';
import type { OpenSpan } from '../recording.js';

/** The fields that RxJS itself keeps on an Observable. */
const RXJS_FIELDS = new Set<PropertyKey>(['source', 'operator', '_subscribe', '_isScalar']);

/** Methods that only an Observable's prototype has, in every copy and version of RxJS. */
const RXJS_METHODS = ['subscribe', 'lift', 'pipe', 'forEach', '_trySubscribe'];

/**
 * Whether a value is an Observable and nothing else, of whichever copy of RxJS: another one that
 * subscribes to it is as good. A Subject, an instance of a class of its own and one with fields of
 * its own hold more, and so do clients whose methods have the same names.
 */
export function isPlainObservable(value: object): value is Observable<unknown> {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return false;
  if (!isObservablePrototype(prototype)) return false;
  return Reflect.ownKeys(value).every((key) => RXJS_FIELDS.has(key));
}

/** Whether a value is an Observable of any class, a Subject for example. It is asked for nothing. */
export function isAnyObservable(value: object): boolean {
  let owner: object | null = value;
  while (owner !== null && !types.isProxy(owner)) {
    if (isObservablePrototype(owner)) return true;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return false;
}

/** Returns an Observable without a class or fields of its own that subscribes to this one. */
export function plainObservable<T>(source: Observable<T>): Observable<T> {
  return new Observable<T>((subscriber) => source.subscribe(subscriber));
}

/** Whether an object is the prototype of RxJS's class Observable itself. */
export function isObservablePrototype(prototype: object): boolean {
  if (prototype === Observable.prototype) return true;
  if (prototype === Object.prototype || types.isProxy(prototype)) return false;
  return RXJS_METHODS.every(
    (key) => typeof Object.getOwnPropertyDescriptor(prototype, key)?.value === 'function',
  );
}

/**
 * Gives every subscription a span from subscribe to complete, error or unsubscribe, through an
 * Observable of the same class that subscribes to the source; what is piped from it is traced as well.
 */
export function traceObservable<T>(source: Observable<T>, open: OpenSpan): Observable<T> {
  const { constructor: Plain } = source as { constructor: unknown } as {
    constructor: typeof Observable;
  };
  return new Plain<T>((subscriber: Subscriber<T>) => {
    const recording = open();
    if (recording === undefined) return source.subscribe(subscriber);
    const traced = source.pipe(endSpan(recording), observeOn(inContext(context.active())));
    const subscribe = (): Subscription => traced.subscribe(subscriber);
    return recording.run(subscribe, undefined, []) as Subscription;
  });
}

/**
 * Returns an Observable that delivers in a context: a source that is shared emits in that of whoever feeds
 * it.
 */
export function deliverIn<T>(source: Observable<T>, ctx: Context): Observable<T> {
  return source.pipe(observeOn(inContext(ctx)));
}

/** RxJS's own operator tells the three ends apart; the last value counts as the result. */
function endSpan<T>(recording: RecordedCall): (source: Observable<T>) => Observable<T> {
  let last: T | undefined;
  return tap<T>({
    next: (value) => {
      last = value;
    },
    error: (error: unknown) => recording.fail(error),
    complete: () => recording.succeed(last),
    unsubscribe: () => recording.end(),
  });
}

/**
 * A scheduler that delivers at once, but in the subscriber's context: a producer emits in its own,
 * where the span is active, and what comes downstream is not part of the traced method.
 */
function inContext(subscriber: Context): SchedulerLike {
  return {
    now: () => Date.now(),
    schedule: (work, _delay, state) => {
      const action = new Subscription();
      context.with(subscriber, () => {
        Reflect.apply(work, action, [state]);
      });
      return action;
    },
  };
}
