import type { Carried } from './transports.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** What a caller sends of itself. Its span's id is no header. */
export type Caller = Carried & { readonly traceparent: string; readonly spanId: string };

/** A caller with a trace context of its own: the number tells its span. */
export function caller(number = 1, baggage?: string): Caller {
  const spanId = number.toString(16).padStart(16, '0');
  const carried = {
    traceparent: `00-${TRACE_ID}-${spanId}-01`,
    ...(baggage === undefined ? {} : { baggage }),
  };
  return Object.defineProperty(carried, 'spanId', { value: spanId }) as Caller;
}
