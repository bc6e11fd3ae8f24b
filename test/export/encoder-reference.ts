import { createRequire } from 'node:module';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

interface MessageType {
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: object): Readonly<Record<string, unknown>>;
}

/** protobufjs with the official definitions, as they come with a receiver that is not ours. */
const { getProtoRoot } = createRequire(import.meta.url)('@elastic/mockotlpserver/lib/proto.js') as {
  getProtoRoot(this: void): { lookupType(name: string): MessageType };
};

/** Decodes a message, with every field that is not on the wire at its default. */
export function decode(name: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const type = getProtoRoot().lookupType(`opentelemetry.proto.${name}`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return type.toObject(type.decode(buffer), { defaults: true, longs: String });
}

/** Decodes an export request. */
export function decodeRequest(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  return decode('collector.trace.v1.ExportTraceServiceRequest', bytes);
}

/** The request that OpenTelemetry's own serializer makes of spans. */
export function stockRequest(spans: ReadableSpan[]): Uint8Array {
  const bytes = ProtobufTraceSerializer.serializeRequest(spans);
  if (bytes === undefined) throw new Error('The stock serializer made no request.');
  return bytes;
}
