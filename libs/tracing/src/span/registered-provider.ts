import { ProxyTracerProvider, trace } from '@opentelemetry/api';
import type { Tracer, TracerProvider } from '@opentelemetry/api';
import { VERSION } from '../version.js';

const NOOP_PROVIDER: TracerProvider = new ProxyTracerProvider().getDelegate();

let knownProvider: TracerProvider = NOOP_PROVIDER;
let knownTracer: Tracer | undefined;

/**
 * The tracer of the registered provider, or undefined while there is none. Asked on every traced
 * call, so the tracer is looked up once per provider.
 */
export function registeredTracer(): Tracer | undefined {
  const provider = registeredProvider();
  if (provider !== knownProvider) {
    knownProvider = provider;
    knownTracer =
      provider === NOOP_PROVIDER ? undefined : provider.getTracer('nestjs-tracing', VERSION);
  }
  return knownTracer;
}

/** The provider behind OpenTelemetry's global proxy, whichever copy of the API registered it. */
export function registeredProvider(): TracerProvider {
  const provider = trace.getTracerProvider() as TracerProvider & Partial<ProxyTracerProvider>;
  return provider.getDelegate === undefined ? provider : provider.getDelegate();
}

/** Whether any provider is registered. */
export function hasRegisteredProvider(): boolean {
  return registeredProvider() !== NOOP_PROVIDER;
}
