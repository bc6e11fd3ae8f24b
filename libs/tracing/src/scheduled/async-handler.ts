import { types } from 'node:util';
import type { AnyFunction } from '../span/record.js';
import { EVENT_LISTENER_METADATA } from './scheduled.constants.js';

/** How `@OnEvent` was told to call its method, as far as it matters here. */
interface Listener {
  readonly options?: {
    readonly async?: boolean;
    readonly promisify?: boolean;
    readonly nextTick?: boolean;
  };
}

/**
 * Whether a handler may outlive the event it handles. It has to be known before the call, so it is
 * told by the declaration: an async function, a declared promise, or an event that is delivered later.
 */
export function isAsyncHandler(prototype: object, key: string, method: AnyFunction): boolean {
  if (types.isAsyncFunction(method)) return true;
  if (Reflect.getMetadata('design:returntype', prototype, key) === Promise) return true;
  const metadata: unknown = Reflect.getOwnMetadata(EVENT_LISTENER_METADATA, method);
  return ([metadata].flat() as Listener[]).some(isDeliveredLater);
}

function isDeliveredLater({ options = {} }: Listener): boolean {
  return options.async === true || options.promisify === true || options.nextTick === true;
}
