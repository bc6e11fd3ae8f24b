import type { SpanContext } from '@opentelemetry/api';
import { isObject } from '../../span/is-object.js';
import type { Subscription } from './subscription.js';

type Events = AsyncIterable<unknown> & Partial<AsyncIterator<unknown>>;

/** Whether a resolver has returned what GraphQL can iterate over. */
export function isEvents(value: unknown): value is Events {
  return isObject(value) && Symbol.asyncIterator in value;
}

/**
 * The events of a subscription as they are, which tell it when one comes, when the next one is asked for
 * and when there are no more. Only GraphQL's executor sees it.
 *
 * @param publisherOf who published an event
 */
export function followEvents(
  events: Events,
  subscription: Subscription,
  publisherOf: (event: unknown) => SpanContext | undefined,
): AsyncIterable<unknown> {
  return { [Symbol.asyncIterator]: () => followed(events, subscription, publisherOf) };
}

function followed(
  events: Events,
  subscription: Subscription,
  publisherOf: (event: unknown) => SpanContext | undefined,
): AsyncIterator<unknown> {
  const iterator = events[Symbol.asyncIterator]();
  const followedIterator: AsyncIterator<unknown> & AsyncIterable<unknown> = {
    [Symbol.asyncIterator]: () => followedIterator,
    async next() {
      subscription.processed();
      try {
        const result = await iterator.next();
        if (result.done === true) subscription.end('completed');
        else subscription.received(publisherOf(result.value));
        return result;
      } catch (error) {
        subscription.end('failed', error);
        throw error;
      }
    },
  };
  if (typeof iterator.return === 'function') {
    followedIterator.return = async (value?: unknown) => {
      subscription.close();
      return (iterator.return as (value?: unknown) => Promise<IteratorResult<unknown>>)(value);
    };
  }
  if (typeof iterator.throw === 'function') {
    followedIterator.throw = async (error?: unknown) => {
      subscription.end('failed', error);
      return (iterator.throw as (error?: unknown) => Promise<IteratorResult<unknown>>)(error);
    };
  }
  return followedIterator;
}
