import type { IncomingMessage } from 'node:http';
import { JSON_TYPE, PROTOBUF_TYPE } from './http-answer.js';
import { HTTP_SERVICES, type HttpService } from './otlp/otlp-services.js';
import { Refusal } from './refusal.error.js';

/** Where a request leads and how its body was made. */
export interface HttpRoute {
  readonly service: HttpService;
  readonly type: string;
  readonly isGzipped: boolean;
}

/** @throws Refusal if nothing can be done with such a request, whatever its body is. */
export function readRoute(request: IncomingMessage): HttpRoute {
  const path = pathOf(request);
  const service = HTTP_SERVICES.find(({ httpPath }) => httpPath === path);
  if (!service)
    throw new Refusal('unknown_path', 'OTLP is taken at /v1/traces, /v1/logs, /v1/metrics.');
  if (request.method !== 'POST') throw new Refusal('unknown_method', 'OTLP is sent with POST.');
  const type = contentTypeOf(request);
  if (type !== JSON_TYPE && type !== PROTOBUF_TYPE) {
    throw new Refusal('unknown_type', `Send ${PROTOBUF_TYPE} or ${JSON_TYPE}.`);
  }
  return { service, type, isGzipped: readEncoding(request) === 'gzip' };
}

/** Everything under `/v1/` is OTLP or a mistake in sending it. */
export function isOtlpPath(request: IncomingMessage): boolean {
  return pathOf(request).startsWith('/v1/');
}

/** The content type without its parameters, in lower case. */
export function contentTypeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** The path without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0]!;
}

function readEncoding({ headers }: IncomingMessage): string {
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || encoding === 'gzip') return encoding;
  throw new Refusal('unknown_type', 'A body may be gzip or uncompressed.');
}
