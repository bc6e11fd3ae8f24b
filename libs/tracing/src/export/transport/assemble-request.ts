import { putVarint, varintWidth } from '../encoder/varint.js';

/** The spans of one instrumentation scope, all of them encoded. */
export interface EncodedScopeSpans {
  /** The scope, from `encodeScope`. */
  readonly scope: Uint8Array;
  /** The scope's schema URL. */
  readonly schemaUrl?: string;
  /** The spans, from `SpanEncoder.encode`. */
  readonly spans: readonly Uint8Array[];
}

/** Every message here has the same fields, and so the same tags: head 1, parts 2, schema URL 3. */
const HEAD = 0x0a;
const PART = 0x12;
const SCHEMA_URL = 0x1a;

/**
 * The bytes of an `ExportTraceServiceRequest` with the spans of one resource, in memory of its own.
 * A span adds its own length and at most 6 bytes to it.
 *
 * @param resource - the resource, from `encodeResource`
 * @param schemaUrl - the resource's schema URL
 * @internal
 */
export function assembleRequest(
  resource: Uint8Array,
  scopes: readonly EncodedScopeSpans[],
  schemaUrl = '',
): Uint8Array {
  const scopeSizes = scopes.map((scope) => scopeSpansSize(scope));
  const partsSize = scopeSizes.reduce((sum, size) => sum + fieldSize(size), 0);
  const size = fieldSize(resource.length) + partsSize + textSize(schemaUrl);
  const request = Buffer.allocUnsafeSlow(fieldSize(size));
  let at = putHeader(request, 0, HEAD, size);
  at = putField(request, at, HEAD, resource);
  scopes.forEach((scope, index) => {
    at = putHeader(request, at, PART, scopeSizes[index] ?? 0);
    at = putScopeSpans(request, at, scope);
  });
  putText(request, at, schemaUrl);
  return request;
}

function putScopeSpans(request: Buffer, position: number, scopeSpans: EncodedScopeSpans): number {
  let at = putField(request, position, HEAD, scopeSpans.scope);
  for (const span of scopeSpans.spans) at = putField(request, at, PART, span);
  return putText(request, at, scopeSpans.schemaUrl ?? '');
}

function scopeSpansSize({ scope, spans, schemaUrl = '' }: EncodedScopeSpans): number {
  let size = fieldSize(scope.length) + textSize(schemaUrl);
  for (const span of spans) size += fieldSize(span.length);
  return size;
}

function putField(request: Buffer, position: number, tag: number, content: Uint8Array): number {
  const at = putHeader(request, position, tag, content.length);
  request.set(content, at);
  return at + content.length;
}

function putText(request: Buffer, position: number, text: string): number {
  return text === '' ? position : putField(request, position, SCHEMA_URL, Buffer.from(text));
}

function putHeader(request: Buffer, position: number, tag: number, length: number): number {
  request[position] = tag;
  return putVarint(request, position + 1, length);
}

function fieldSize(length: number): number {
  return 1 + varintWidth(length) + length;
}

function textSize(text: string): number {
  return text === '' ? 0 : fieldSize(Buffer.byteLength(text));
}
