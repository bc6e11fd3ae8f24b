import { ProxyTracerProvider, trace } from '@opentelemetry/api';
import type { Span, Tracer, TracerProvider } from '@opentelemetry/api';
import type { DetachedRegistry } from './detached/detached.registry.js';
import type { ErrorPolicy } from './span/error-policy.js';
import { classifyHttpErrors } from './span/error-policy.js';
import { VERSION } from './version.js';

/** What the decorators and the integrations must know of the module, wherever they run. */
export interface TracingRuntime {
  /** Which errors are failures and which are expected outcomes. */
  readonly errors: ErrorPolicy;
  /** The status of the span of work that was called off. */
  readonly cancelled: 'error' | 'unset';
  /** Whether the sampler always follows an unsampled local parent, so that no span need be asked for. */
  readonly followsLocalParent: boolean;
  /** Limits for attribute values that come from the application's callbacks. */
  readonly attributeLimits: AttributeLimits;
  /** True while Nest makes its modules: what is opened now belongs to the start-up. */
  readonly starting: boolean;
  /** The span that the application opened around its own start, if there was one. */
  readonly startUpSpan: Span | undefined;
  /** Where `@Detached` methods register their work, if a module is loaded. */
  readonly detached: DetachedRegistry | undefined;
}

/** Bounds of what one attribute set may hold. */
export interface AttributeLimits {
  readonly valueLength: number;
  readonly count: number;
}

/** What holds while no module is loaded: decorators also work outside of Nest. */
const DEFAULT_RUNTIME: TracingRuntime = {
  errors: classifyHttpErrors,
  cancelled: 'error',
  followsLocalParent: false,
  attributeLimits: { valueLength: 4096, count: 128 },
  starting: false,
  startUpSpan: undefined,
  detached: undefined,
};

const NOOP_PROVIDER: TracerProvider = new ProxyTracerProvider().getDelegate();

const installed: TracingRuntime[] = [];
let current: TracingRuntime = DEFAULT_RUNTIME;
let knownProvider: TracerProvider = NOOP_PROVIDER;
let knownTracer: Tracer | undefined;

/** The runtime of the module that was installed last and is still open. */
export function runtime(): TracingRuntime {
  return current;
}

/**
 * Makes a module's runtime the current one. The answer takes it out again, in whatever order
 * several applications of one process close.
 */
export function installRuntime(next: TracingRuntime): () => void {
  installed.push(next);
  current = next;
  return () => {
    const at = installed.lastIndexOf(next);
    if (at >= 0) installed.splice(at, 1);
    current = installed.at(-1) ?? DEFAULT_RUNTIME;
  };
}

/** Forgets every module's runtime, of those too that nobody has closed. */
export function resetRuntime(): void {
  installed.length = 0;
  current = DEFAULT_RUNTIME;
}

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
