import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, context } from '@opentelemetry/api';

/** Calls a function in the async context that this was made in, without a span. */
export type InCleanContext = <T>(work: () => T) => T;

/** Keeps the async context of here, for what must not keep that of a request. */
export function cleanContext(): InCleanContext {
  return context.with(ROOT_CONTEXT, () => AsyncLocalStorage.snapshot()) as InCleanContext;
}
