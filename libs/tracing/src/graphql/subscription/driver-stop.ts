import { standIn } from '../../decorators/stand-in.js';
import { shadowMethod } from '../../span/results/own-method.js';
import { isPlainPromise } from '../../span/results/plain-promise.js';
import type { Driver } from '../graphql-nodes.js';
import type { Subscriptions } from './subscriptions.js';

/**
 * Has the subscriptions know while a driver stops: Nest asks it to before any other hook of the shutdown,
 * and it may close its sockets then.
 */
export function hearOfStop(driver: Driver & object, subscriptions: Subscriptions): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
  const { stop } = driver;
  const stand = standIn(stop, (receiver, args) => {
    subscriptions.setStopping(true);
    const over = (): void => subscriptions.setStopping(false);
    let stopped: unknown;
    try {
      stopped = Reflect.apply(stop, receiver, args);
    } finally {
      if (!isPlainPromise(stopped)) over();
    }
    return isPlainPromise(stopped) ? stopped.finally(over) : stopped;
  });
  return shadowMethod(driver, 'stop', stand) ?? (() => undefined);
}
