import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import type { MethodDefinition, ServiceDefinition } from '@grpc/proto-loader';

/** A span as the official definitions decode it: ids are bytes, 64-bit numbers are text. */
export interface WireSpan {
  readonly spanId: Buffer;
  readonly traceId: Buffer;
  readonly parentSpanId?: Buffer;
  readonly name: string;
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly WireAttribute[];
  readonly events?: readonly { readonly name: string }[];
  readonly links?: readonly object[];
  readonly droppedEventsCount?: number;
  readonly droppedAttributesCount?: number;
  readonly droppedLinksCount?: number;
}

/** An attribute of a span, with the values that tests look at. */
interface WireAttribute {
  readonly key: string;
  readonly value: WireValue;
}

interface WireValue {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly arrayValue?: { readonly values?: readonly WireValue[] };
}

interface WireRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: {
      readonly attributes: readonly { key: string; value: { stringValue?: string } }[];
    };
    readonly scopeSpans?: readonly { readonly spans?: readonly WireSpan[] }[];
  }[];
}

const PROTO_ROOT = dirname(
  createRequire(import.meta.url).resolve('@elastic/mockotlpserver/package.json'),
);
const FILE = 'opentelemetry/proto/collector/trace/v1/trace_service.proto';
const SERVICE = 'opentelemetry.proto.collector.trace.v1.TraceService';
const definitions = loadSync(join(PROTO_ROOT, FILE), { includeDirs: [PROTO_ROOT], longs: String });
const method = (definitions[SERVICE] as ServiceDefinition)['Export'] as MethodDefinition<
  object,
  object
>;

/** The spans of an export request, by the official definitions. */
export function decodeSpans(body: Buffer): WireSpan[] {
  const { resourceSpans = [] } = method.requestDeserialize(body) as WireRequest;
  return resourceSpans.flatMap(({ scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) => spans),
  );
}

/** A resource attribute of an export request, if it is a text. */
export function resourceAttribute(body: Buffer, key: string): string | undefined {
  const { resourceSpans = [] } = method.requestDeserialize(body) as WireRequest;
  const attributes = resourceSpans.flatMap(({ resource }) => resource?.attributes ?? []);
  return attributes.find((attribute) => attribute.key === key)?.value.stringValue;
}

/** An answer that accepts all but so many spans. */
export function encodeAnswer(rejected = 0, message = ''): Buffer {
  if (rejected === 0) return Buffer.alloc(0);
  const partialSuccess = { rejectedSpans: rejected, errorMessage: message };
  return method.responseSerialize({ partialSuccess });
}

/** `google.rpc.Status` with a RetryInfo of whole milliseconds, as gRPC carries it in a trailer. */
export function encodeRetryInfo(code: number, millis: number): Buffer {
  const duration = [
    varintField(1, Math.floor(millis / 1000)),
    varintField(2, (((millis % 1000) + 1000) % 1000) * 1e6),
  ];
  const any = [
    bytesField(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
    bytesField(2, bytesField(1, Buffer.concat(duration))),
  ];
  return Buffer.concat([varintField(1, code), bytesField(3, Buffer.concat(any))]);
}

/** A partial success whose count is written in so many bytes of a varint, of which ten are allowed. */
export function encodeOverlongAnswer(bytes: number): Buffer {
  const count = [...Array<number>(bytes - 1).fill(0xff), 0x01];
  return bytesField(1, Buffer.from([8, ...count]));
}

/** A partial success that rejects so many spans, whatever was sent. */
export function encodeRejection(count: number): Buffer {
  return bytesField(1, varintField(1, count));
}

function varintField(field: number, value: number): Buffer {
  return Buffer.from([field * 8, ...varint(value)]);
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2, ...varint(bytes.length)]), bytes]);
}

/** A negative number takes ten bytes, as protobuf has it. */
function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}
