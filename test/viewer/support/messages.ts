let lastId = 0;

export function hex(number: number, length: number): string {
  return number.toString(16).padStart(length, '0');
}

export function freshTraceId(): string {
  return hex(++lastId, 32);
}

/** A valid span of the OTLP JSON encoding, changed by `fields`. */
export function span(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    traceId: freshTraceId(),
    spanId: hex(1, 16),
    name: 'good',
    kind: 1,
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000005000000',
    ...fields,
  };
}

export function traces(...spans: unknown[]): string {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

export function logs(...logRecords: unknown[]): string {
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}

export function varint(number: number): Buffer {
  const bytes: number[] = [];
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}

/** A length-delimited protobuf field. */
export function field(number: number, ...parts: (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
}

/** A trace request of one span in protobuf, with further fields of the span. */
export function protobufTrace(name: string, ...fields: Uint8Array[]): Buffer {
  const ids = [field(1, Buffer.alloc(16, 7)), field(2, Buffer.alloc(8, 7)), field(5, name)];
  return field(1, field(2, field(2, ...ids, ...fields)));
}

/** An attribute whose value is `depth` arrays in each other. */
export function deepAttribute(depth: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (let level = 0; level < depth; level++) {
    const values = Buffer.concat([varint(10), varint(length)]);
    const list = Buffer.concat([varint(42), varint(length + values.length)]);
    parts.unshift(list, values);
    length += values.length + list.length;
  }
  return field(9, field(1, 'deep'), field(2, ...parts));
}
