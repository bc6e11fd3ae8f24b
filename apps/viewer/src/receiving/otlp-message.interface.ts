/** An id: bytes in protobuf, hex text in JSON. */
export type OtlpId = Uint8Array | string;

/** A 64-bit number: text, or a number from senders that do not quote it. */
export type OtlpLong = string | number;

/** `AnyValue` of the OTLP definitions; at most one field is set. */
export interface OtlpValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: OtlpLong;
  doubleValue?: number | string;
  arrayValue?: { values?: OtlpValue[] };
  kvlistValue?: { values?: OtlpKeyValue[] };
  bytesValue?: Uint8Array | string;
}

/** `KeyValue` of the OTLP definitions. */
export interface OtlpKeyValue {
  key: string;
  value?: OtlpValue | null;
}

/** `Span` of the OTLP definitions, as far as it is shown. */
export interface OtlpSpan {
  traceId: OtlpId;
  spanId: OtlpId;
  parentSpanId?: OtlpId;
  flags?: number;
  name?: string;
  kind?: number;
  startTimeUnixNano?: OtlpLong;
  endTimeUnixNano?: OtlpLong;
  attributes?: OtlpKeyValue[];
  events?: { name?: string; timeUnixNano?: OtlpLong; attributes?: OtlpKeyValue[] }[];
  links?: { traceId: OtlpId; spanId: OtlpId; attributes?: OtlpKeyValue[] }[];
  status?: { code?: number; message?: string } | null;
}

/** `LogRecord` of the OTLP definitions, as far as it is shown. */
export interface OtlpLogRecord {
  traceId?: OtlpId;
  spanId?: OtlpId;
  timeUnixNano?: OtlpLong;
  observedTimeUnixNano?: OtlpLong;
  severityText?: string;
  severityNumber?: number;
  body?: OtlpValue | null;
  attributes?: OtlpKeyValue[];
}

/** `ExportTraceServiceRequest`. */
export interface OtlpTraceRequest {
  resourceSpans?: {
    resource?: { attributes?: OtlpKeyValue[] } | null;
    scopeSpans?: { spans?: OtlpSpan[] }[];
  }[];
}

/** `ExportLogsServiceRequest`. */
export interface OtlpLogsRequest {
  resourceLogs?: { scopeLogs?: { logRecords?: OtlpLogRecord[] }[] }[];
}
