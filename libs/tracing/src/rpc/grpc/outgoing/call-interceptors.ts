import { isObject } from '../../../span/is-object.js';

/** The options of one call, as far as they are looked at. */
interface CallOptions {
  readonly interceptors?: unknown;
  readonly interceptor_providers?: unknown;
}

/**
 * Interceptors that are given to one call replace those of its client, so ours is put before them as well:
 * in a copy of the options, which come after the message.
 *
 * @param service what `getService` has made, for this caller alone
 */
export function interceptEachCall(service: object, intercept: unknown): object {
  const methods = Object.entries(service).filter(([, method]) => typeof method === 'function');
  const intercepted = methods.map(([name, method]) => {
    const call = method as (...args: unknown[]) => unknown;
    const standIn = (...args: unknown[]): unknown =>
      call(...args.map((arg, at) => (at === 0 ? arg : added(arg))));
    return [name, standIn] as const;
  });
  return Object.assign(service, Object.fromEntries(intercepted));

  function added(options: unknown): unknown {
    if (!isObject(options)) return options;
    const { interceptors, interceptor_providers: providers } = options as CallOptions;
    if (isFilled(interceptors)) return { ...options, interceptors: [intercept, ...interceptors] };
    if (!isFilled(providers)) return options;
    return { ...options, interceptor_providers: [() => intercept, ...providers] };
  }
}

function isFilled(list: unknown): list is unknown[] {
  return Array.isArray(list) && list.length > 0;
}
