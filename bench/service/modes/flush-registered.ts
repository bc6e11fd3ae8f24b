import { trace } from '@opentelemetry/api';
import type { ProxyTracerProvider } from '@opentelemetry/api';

interface FlushableProvider {
  forceFlush(): Promise<void>;
}

/** Sends what the registered provider holds. */
export async function flushRegistered(): Promise<void> {
  const provider = (trace.getTracerProvider() as ProxyTracerProvider).getDelegate();
  await (provider as unknown as FlushableProvider).forceFlush();
}
