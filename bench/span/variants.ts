import { trace } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import type { Variant } from '../measure.js';
import { handWrittenTracer } from '../stock-tracer.js';

/** What is done with a tracer, on the SDK's provider and on ours. */
export const KINDS = ['span', 'active'] as const;
export type Kind = (typeof KINDS)[number];

/** The same calls on both tracers, in one process. */
export function variants(): Variant[] {
  const [stock, own] = [handWrittenTracer(), trace.getTracer('bench')];
  return [
    { name: 'stock span', call: () => openSpan(stock) },
    { name: 'own span', call: () => openSpan(own) },
    { name: 'stock active', call: () => openActive(stock) },
    { name: 'own active', call: () => openActive(own) },
  ];
}

let count = 0;

/** Five attributes at the start, one more, and the end. */
function openSpan(tracer: Tracer): boolean {
  count += 1;
  const attributes = {
    'request.key': 'user:42',
    'request.count': count,
    'request.cached': true,
    'db.system.name': 'postgresql',
    'server.load': 0.5,
  };
  const span = tracer.startSpan('work', { attributes });
  span.setAttribute('rows.count', count);
  span.end();
  return span.isRecording();
}

function openActive(tracer: Tracer): number {
  return tracer.startActiveSpan('work', (span) => {
    count += 1;
    span.end();
    return count;
  });
}
