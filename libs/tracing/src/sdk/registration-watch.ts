import { trace } from '@opentelemetry/api';
import type { TracerProvider } from '@opentelemetry/api';
import { SetupOrigin } from './setup-origin.js';

/** Is told of a provider that the API has refused, and of who brought it. */
export type RefusalListener = (provider: TracerProvider, place: SetupOrigin) => void;

/**
 * Tells of tracer providers that are registered in vain, because one is registered already. The API
 * itself says so to `diag` alone, which nobody listens to by default, so its method is wrapped while
 * the module runs; what it does and answers stays the same.
 *
 * @returns ends the watch
 */
export function watchRegistrations(onRefused: RefusalListener): () => void {
  const own = Object.getOwnPropertyDescriptor(trace, 'setGlobalTracerProvider');
  const register = trace.setGlobalTracerProvider.bind(trace);
  let isOn = true;
  const watched = (provider: TracerProvider): boolean => {
    const isAccepted = register(provider);
    if (!isAccepted && isOn) onRefused(provider, SetupOrigin.callerOf(watched));
    return isAccepted;
  };
  trace.setGlobalTracerProvider = watched;
  return () => {
    isOn = false;
    if (trace.setGlobalTracerProvider !== watched) return; // somebody has wrapped it again
    if (own === undefined) Reflect.deleteProperty(trace, 'setGlobalTracerProvider');
    else Object.defineProperty(trace, 'setGlobalTracerProvider', own);
  };
}
