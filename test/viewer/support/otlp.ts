import { hex } from './messages.js';

const EPOCH = 1_700_000_000_000_000_000n;

/** A value of the OTLP JSON encoding. */
export function value(plain: unknown): object {
  if (typeof plain === 'string') return { stringValue: plain };
  if (typeof plain === 'boolean') return { boolValue: plain };
  if (Array.isArray(plain)) return { arrayValue: { values: plain.map(value) } };
  if (typeof plain !== 'number') return plain as object;
  return Number.isInteger(plain) ? { intValue: String(plain) } : { doubleValue: plain };
}

export function attributes(plain: Record<string, unknown>): object[] {
  return Object.entries(plain).map(([key, each]) => ({ key, value: value(each) }));
}

/** Milliseconds after the beginning of every trace here, as OTLP has times. */
export function at(millis: number): string {
  return String(EPOCH + BigInt(Math.round(millis * 1e6)));
}

/** What a span of {@link spanOf} has beside its place. */
export interface SpanParts {
  readonly name?: string;
  readonly kind?: number;
  readonly attributes?: Record<string, unknown>;
  readonly status?: object;
  readonly events?: readonly object[];
  readonly links?: readonly object[];
}

/** A span of a trace by its number and that of its parent (0: none), from and to milliseconds. */
export function spanOf(
  traceId: string,
  [number, parent, from, to]: readonly [number, number, number, number],
  { attributes: plain = {}, ...parts }: SpanParts = {},
): Record<string, unknown> {
  return {
    traceId,
    spanId: hex(number, 16),
    ...(parent === 0 ? {} : { parentSpanId: hex(parent, 16) }),
    name: `span ${number}`,
    kind: 1,
    startTimeUnixNano: at(from),
    endTimeUnixNano: at(to),
    attributes: attributes(plain),
    ...parts,
  };
}

export function event(name: string, millis: number, plain: Record<string, unknown> = {}): object {
  return { name, timeUnixNano: at(millis), attributes: attributes(plain) };
}

/** A request of one service. */
export function requestOf(service: string, spans: readonly object[]): string {
  const resource = { attributes: attributes({ 'service.name': service }) };
  return JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }],
  });
}

/** A request of log lines of one service. */
export function logRequest(service: string, logRecords: readonly object[]): string {
  const resource = { attributes: attributes({ 'service.name': service }) };
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
}
