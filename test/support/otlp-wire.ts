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
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string; readonly intValue?: string };
  }[];
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
    varintField(2, (millis % 1000) * 1e6),
  ];
  const any = [
    bytesField(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
    bytesField(2, bytesField(1, Buffer.concat(duration))),
  ];
  return Buffer.concat([varintField(1, code), bytesField(3, Buffer.concat(any))]);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.from([field * 8, ...varint(value)]);
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
