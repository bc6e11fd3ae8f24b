import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { Observable, SchedulerLike } from 'rxjs';
import { Subscription, observeOn, tap } from 'rxjs';
import type { OpenSpan, SpanRecording } from './recording.js';

/**
 * Gives every subscription a span from subscribe to complete, error or unsubscribe. The answer is a
 * proxy of the source, so that a subject stays one; what is piped from it is traced as well.
 */
export function traceObservable<T>(source: Observable<T>, open: OpenSpan): Observable<T> {
  const subscribe = (...observer: never[]): unknown => {
    const recording = open();
    if (recording === undefined) return Reflect.apply(source.subscribe, source, observer);
    const traced = source.pipe(endSpan(recording), observeOn(inContext(context.active())));
    return recording.run(traced.subscribe as (...args: never[]) => unknown, traced, observer);
  };
  return new Proxy(source, {
    get: (target, key) =>
      key === 'subscribe' ? subscribe : (Reflect.get(target, key, target) as unknown),
  });
}

/** RxJS's own operator tells the three ends apart; the last value counts as the result. */
function endSpan<T>(recording: SpanRecording): (source: Observable<T>) => Observable<T> {
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
