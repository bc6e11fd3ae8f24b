import type { Context, TracerProvider } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { contextKey } from '../../context-key.js';
import type { SpanCollector } from '../../offload/worker/worker-tracing.js';
import { CallerSampler, registerCollecting } from '../../offload/worker/worker-tracing.js';
import { processSlot } from '../../process-slot.js';
import { hasRegisteredProvider, registeredProvider } from '../../span/registered-provider.js';

const EXPORTED_BY = contextKey('exporting caller');

/** A context whose spans are collected for the caller of one attempt. */
export function exportByCaller(context: Context, collector: SpanCollector): Context {
  return context.setValue(EXPORTED_BY, collector);
}

/** A registration, and how many hosts of this process share it. */
interface CallerExport {
  holders: number;
  readonly release: () => void;
}

/** By the provider that was registered for it. */
const callerExports = processSlot(
  'caller exports',
  () => new WeakMap<TracerProvider, CallerExport>(),
);

/**
 * Lets the callers export the spans if this process has no SDK: then tracing is registered, once for
 * all its hosts. The function returned ends that for one of them; it is undefined if there is an SDK.
 */
export function joinCallerExport(): (() => void) | undefined {
  if (!hasRegisteredProvider()) {
    const release = registerCollecting(
      new CallerSampler(exportingCaller),
      new CallerExportProcessor(),
      {},
    );
    callerExports.current.set(registeredProvider(), { holders: 0, release });
  }
  const shared = callerExports.current.get(registeredProvider());
  if (shared === undefined) return undefined;
  shared.holders += 1;
  return () => {
    shared.holders -= 1;
    if (shared.holders === 0) shared.release();
  };
}

/** Several attempts run at a time: each span goes to the one that its context belongs to. */
class CallerExportProcessor implements SpanProcessor {
  readonly #callerExports = new WeakMap<ReadableSpan, SpanCollector>();

  onStart(span: Span, context: Context): void {
    const collector = exportingCaller(context);
    if (collector !== undefined) this.#callerExports.set(span, collector);
  }

  onEnd(span: ReadableSpan): void {
    this.#callerExports.get(span)?.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function exportingCaller(context: Context): SpanCollector | undefined {
  return context.getValue(EXPORTED_BY) as SpanCollector | undefined;
}
