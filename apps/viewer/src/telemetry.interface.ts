/** A value of an attribute as it is shown and handed on. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | AttributeMap;

/** Attributes by key. */
export interface AttributeMap {
  [key: string]: AttributeValue;
}

/** An event of a span, at its time since the epoch. */
export interface ReceivedEvent {
  readonly name: string;
  readonly timeNanos: bigint;
  readonly attributes: AttributeMap;
}

/** A link to a span, of this trace or another. */
export interface ReceivedLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: AttributeMap;
}

/** One span as it came over the wire, ids in lower-case hex. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** The sender says that the parent lives in another process. */
  readonly parentIsRemote: boolean;
  readonly name: string;
  readonly kind: string;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly status: 'UNSET' | 'OK' | 'ERROR';
  readonly statusMessage?: string;
  readonly attributes: AttributeMap;
  readonly events: readonly ReceivedEvent[];
  readonly links: readonly ReceivedLink[];
  readonly service: string;
}

/** One log line, from OTLP or from a JSON line; without ids it belongs to no trace. */
export interface ReceivedLog {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly timeNanos: bigint;
  readonly severity: string;
  readonly message: string;
  readonly attributes: AttributeMap;
}

/** What one export request or one line brought. */
export interface Telemetry {
  readonly spans?: readonly ReceivedSpan[];
  readonly logs?: readonly ReceivedLog[];
}
