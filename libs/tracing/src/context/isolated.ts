import { AsyncResource } from 'node:async_hooks';

/**
 * Runs a function in an independent snapshot of the caller's async context. It sees trace, baggage
 * and every other AsyncLocalStorage store as they are now; nothing it sets, `enterWith` included, is
 * seen outside or by siblings. No span is opened.
 */
export function isolated<T>(fn: () => T): T {
  return new AsyncResource('nestjs-tracing.isolated').runInAsyncScope(fn);
}
