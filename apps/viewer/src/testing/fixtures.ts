import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';

/** The trace id of every fixture. */
export const TRACE_ID = 'a'.repeat(32);

/** A span that starts at `startMillis` and lasts 5 ms; its id is its name. */
export function span(
  name: string,
  parentSpanId?: string,
  fields: Partial<ReceivedSpan> & { startMillis?: number } = {},
): ReceivedSpan {
  const { startMillis = 0, ...rest } = fields;
  return {
    traceId: TRACE_ID,
    spanId: name,
    ...(parentSpanId ? { parentSpanId } : {}),
    parentIsRemote: false,
    name,
    kind: 'INTERNAL',
    startNanos: BigInt(startMillis) * 1_000_000n,
    endNanos: BigInt(startMillis + 5) * 1_000_000n,
    status: 'UNSET',
    attributes: {},
    events: [],
    links: [],
    service: 'demo',
    ...rest,
  };
}

/** A log line of a span. */
export function log(message: string, spanId: string, atMillis = 0): ReceivedLog {
  const timeNanos = BigInt(atMillis) * 1_000_000n;
  return { traceId: TRACE_ID, spanId, timeNanos, severity: 'INFO', message, attributes: {} };
}
