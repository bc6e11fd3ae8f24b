/** An event of a span. */
export interface ReceivedEvent {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** A span as the viewer hands it on, as far as it is checked. */
export interface ReceivedSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly ReceivedEvent[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** A trace as the viewer hands it on, with the log lines that carry its id. */
export interface ReceivedTrace {
  readonly traceId: string;
  readonly spans: readonly ReceivedSpan[];
  readonly logs: readonly { readonly spanId: string; readonly message: string }[];
}
