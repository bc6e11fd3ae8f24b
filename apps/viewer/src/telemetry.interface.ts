/** A value of an attribute as it is shown and handed on. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | AttributeMap;

/** Attributes by key. */
export interface AttributeMap {
  [key: string]: AttributeValue;
  /** What a plain value cannot tell of its type, by key; absent mostly. */
  [SENT_TYPES]?: Record<string, SentType>;
}

/** The key under which {@link AttributeMap} keeps the types that its values do not tell. */
export const SENT_TYPES = Symbol('viewer:sent-types');

/** A double that is whole, a 64-bit integer that is text here, bytes that are base64 here. */
export type SentType = 'doubleValue' | 'intValue' | 'bytesValue';

/** What sent a span or a log line: the one object is shared by all that came together. */
export interface Origin {
  readonly service: string;
  readonly resource: AttributeMap;
  readonly scope: {
    readonly name: string;
    readonly version: string;
    readonly attributes: AttributeMap;
  };
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
  /** Absent where a span was not sent over OTLP. */
  readonly origin?: Origin;
  readonly traceState?: string;
  /** `SpanFlags` as they were sent. */
  readonly flags?: number;
  /** What its sender says that it dropped of it, and what was beyond the limits of one span. */
  readonly lost?: { readonly attributes: number; readonly events: number; readonly links: number };
  /** It has started and not ended: its end is not known yet. */
  readonly isPending?: boolean;
}

/** One log line, from OTLP or from a JSON line; without ids it belongs to no trace. */
export interface ReceivedLog {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly timeNanos: bigint;
  readonly severity: string;
  readonly message: string;
  readonly attributes: AttributeMap;
  /** Absent for a JSON line. */
  readonly origin?: Origin;
}

/** What one export request or one line brought. */
export interface Telemetry {
  readonly spans?: readonly ReceivedSpan[];
  /** Spans that have started and not ended; their ends are nothing. */
  readonly open?: readonly ReceivedSpan[];
  readonly logs?: readonly ReceivedLog[];
}
