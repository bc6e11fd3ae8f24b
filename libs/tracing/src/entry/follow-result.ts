import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { Observable, takeWhile, tap } from 'rxjs';
import { isObject } from '../span/is-object.js';
import { isAnyObservable } from '../span/results/observable.js';

/** Told of the one end of a handler's result. */
export interface ResultEnds {
  /** A stream is listened to: from now on it has an end. */
  subscribed?(): void;
  /** It settled, or completed. */
  done(): void;
  /** It threw, rejected or failed. */
  failed(error: unknown): void;
  /** Whoever listened to it has stopped before its end. */
  left(): void;
  /** It settled with a stream, which somebody may listen to. */
  deferred?(): void;
}

/**
 * Calls a handler in a context, tells of its end, and returns what it returned. A promise is answered by
 * a derived one. A stream runs in the context as well, whoever listens to it: with any interceptor, Nest
 * calls the handler itself when somebody does. So does what takes its source down, when a client has left.
 */
export function follow(call: () => unknown, ctx: Context, ends: ResultEnds | undefined): unknown {
  let result: unknown;
  try {
    result = context.with(ctx, call);
  } catch (error) {
    ends?.failed(error);
    throw error;
  }
  if (!(result instanceof Promise)) return settled(result, ctx, ends);
  if (ends === undefined) return result.then((value: unknown) => settled(value, ctx, undefined));
  return result.then(
    (value: unknown) => settled(value, ctx, ends),
    (error: unknown) => {
      ends.failed(error);
      throw error;
    },
  );
}

function settled(value: unknown, ctx: Context, ends: ResultEnds | undefined): unknown {
  if (isObject(value) && isAnyObservable(value)) {
    ends?.deferred?.();
    return within(value as Observable<unknown>, ctx, ends);
  }
  ends?.done();
  return value;
}

function within(
  source: Observable<unknown>,
  ctx: Context,
  ends: ResultEnds | undefined,
): Observable<unknown> {
  const watched = ends === undefined ? source : source.pipe(told(ends));
  return new Observable((subscriber) => {
    const followed = watched.pipe(takeWhile(() => !subscriber.closed));
    // Not the subscriber itself: that would tell the source of an unsubscription in no context.
    const listener = {
      next: (value: unknown) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    };
    const subscription = context.with(ctx, () => followed.subscribe(listener));
    return () => {
      if (!subscription.closed) context.with(ctx, () => subscription.unsubscribe());
    };
  });
}

function told(ends: ResultEnds) {
  return tap<unknown>({
    subscribe: () => ends.subscribed?.(),
    error: (error: unknown) => ends.failed(error),
    complete: () => ends.done(),
    unsubscribe: () => ends.left(),
  });
}
