import { context } from '@opentelemetry/api';
import type { Observable, Observer, Operator, Subscriber } from 'rxjs';
import { unanswered } from '../detached/detach.js';
import { openSpan } from '../span/record.js';
import { isPlainObservable } from '../span/results/observable.js';
import { ATTR_CODE_FUNCTION_NAME } from './cqrs.constants.js';
import type { SagaOrigins } from './saga-origins.js';
import { withOrigins } from './saga-origins.js';

type Stream = Observable<unknown>;

/** What RxJS keeps of a stream that is piped from another one. */
interface Piped {
  source?: Stream;
  operator?: Operator<unknown, unknown>;
}

/**
 * Follows the stream of a saga: what it emits is a command that nobody waits for; what its operators join,
 * lists and records of events, is where a command comes from; an error ends it and is on a span.
 *
 * Operators stay as they are: the stream is piped once more, with a look at what goes from one to the
 * next. A stream of a class of its own is left alone.
 */
export function followSaga(stream: unknown, name: string, origins: SagaOrigins): unknown {
  if (typeof stream !== 'object' || stream === null || !isPlainObservable(stream)) return stream;
  return between(withJoins(stream, origins), (subscriber) => ({
    next: (command) => {
      origins.commanded(command);
      subscriber.next(command);
    },
    error: (error: unknown) => {
      recordFailure(name, error);
      subscriber.error(error);
    },
    complete: () => subscriber.complete(),
  }));
}

/** The same operators over the same source, with a look at what each one gets. */
function withJoins(stream: Stream, origins: SagaOrigins): Stream {
  const { source, operator } = stream as unknown as Piped;
  if (!isPlainObservable(stream) || source === undefined || operator === undefined) return stream;
  const piped = emptyLike(stream);
  Object.assign(piped, { source: watched(withJoins(source, origins), origins), operator });
  return piped;
}

function watched(stream: Stream, origins: SagaOrigins): Stream {
  if (!isPlainObservable(stream)) return stream;
  return between(stream, (subscriber) => ({
    next: (value) => {
      const joined = origins.of(value);
      if (joined.length === 0) subscriber.next(value);
      else context.with(withOrigins(joined), () => subscriber.next(value));
    },
    error: (error: unknown) => subscriber.error(error),
    complete: () => subscriber.complete(),
  }));
}

function between(
  stream: Stream,
  observer: (subscriber: Subscriber<unknown>) => Observer<unknown>,
): Stream {
  const Plain = (stream as { constructor: unknown }).constructor as typeof Observable;
  return new Plain((subscriber) => stream.subscribe(observer(subscriber)));
}

/** Of the same copy of RxJS: Nest asks for an instance of its own. */
function emptyLike(stream: Stream): Stream {
  return new ((stream as { constructor: unknown }).constructor as typeof Observable)();
}

function recordFailure(name: string, error: unknown): void {
  const attributes = { [ATTR_CODE_FUNCTION_NAME]: name };
  openSpan(unanswered({ name, options: { attributes } }))?.failWith(error);
}
