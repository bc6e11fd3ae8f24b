import { createRequire } from 'node:module';
import { trace } from '@opentelemetry/api';
import type { TraceAPI, TracerProvider } from '@opentelemetry/api';
import { thisFile } from '../this-file.js';

/** Asks the provider that is registered when a tracer is used for the first time. */
const REGISTERED_LATER: TracerProvider = {
  getTracer: (name, version, options) =>
    trace.getTracerProvider().getTracer(name, version, options),
};

/**
 * Tracers that CommonJS code took before the SDK starts (`const tracer = trace.getTracer('orders')` at
 * the top of a file) belong to the CommonJS build of the API, which never hears of a provider that
 * is registered in the ES build: they would record nothing for ever. This leads them to that one.
 * To be called while no provider is registered.
 *
 * @see https://nodejs.org/api/packages.html#dual-package-hazard
 */
export function reviveEarlyTracers(): void {
  const commonJs = loadedCommonJsApi();
  if (commonJs === undefined || commonJs === trace) return;
  // Tracers keep the provider that was set when they asked; the registration itself is ours to make.
  if (commonJs.setGlobalTracerProvider(REGISTERED_LATER)) commonJs.disable();
}

/**
 * The CommonJS build next to ours, if anybody has loaded it: else there are no such tracers. In a
 * bundle it cannot be told apart.
 */
function loadedCommonJsApi(): TraceAPI | undefined {
  const here = thisFile();
  if (here === undefined) return undefined;
  const { cache, resolve } = createRequire(here);
  const loaded = cache[resolveIfThere(resolve)]?.exports as { trace?: TraceAPI } | undefined;
  return loaded?.trace;
}

function resolveIfThere(resolve: NodeJS.RequireResolve): string {
  try {
    return resolve('@opentelemetry/api');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return ''; // it is in the bundle
    throw error;
  }
}
