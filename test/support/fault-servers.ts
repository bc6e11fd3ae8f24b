import type { IncomingHttpHeaders, Server as HttpServer } from 'node:http';
import { createServer as createHttp } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { createSecureServer, createServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import type { Server } from 'node:net';
import type { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { encodeAnswer, encodeRetryInfo } from './otlp-wire.js';

export type Protocol = 'grpc' | 'http';

/** A request as it arrived. */
export interface FaultRequest {
  readonly at: number;
  readonly headers: IncomingHttpHeaders;
  /** The message, unpacked. */
  readonly body: Buffer;
  /** Bytes of the message as they were on the wire. */
  readonly wireBytes: number;
}

/** What to do with it. Without anything it is accepted. */
export interface FaultAnswer {
  /** gRPC status or HTTP status; 0 accepts. */
  readonly code?: number;
  readonly message?: string;
  /** RetryInfo over gRPC, Retry-After (whole seconds) over HTTP. */
  readonly retryAfterMillis?: number;
  /** Spans to reject of those that are accepted. */
  readonly rejected?: number;
  readonly delayMillis?: number;
  /** Never answers. */
  readonly hangs?: boolean;
  /** Cuts the connection instead of answering. */
  readonly cuts?: boolean;
  /** Whether the spans count as received, whatever is answered. */
  readonly keeps?: boolean;
  /** What is written instead of what a collector would write. */
  readonly raw?: RawAnswer;
}

/** An answer in its own words. */
export interface RawAnswer {
  /** Headers (gRPC: trailers), over those that a collector would write. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of the response, where those above are trailers. */
  readonly first?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Writes all of the body and never the end. */
  readonly endless?: boolean;
}

export interface ServerTls {
  readonly key: string;
  readonly cert: string;
  readonly ca?: string;
}

type Handler = (request: FaultRequest) => Promise<FaultAnswer>;

const PREFIX_BYTES = 5;

/** OTLP over gRPC on bare HTTP/2, so that every fault is possible. */
export function createGrpcServer(handle: Handler, tls?: ServerTls): Server {
  const server =
    tls === undefined ? createHttp2() : createSecureServer({ ...tls, ...clientCheck(tls) });
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined);
    void answerCall(stream, headers, handle);
  });
  server.on('sessionError', () => undefined);
  return server;
}

async function answerCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  handle: Handler,
): Promise<void> {
  const frame = await read(stream);
  if (frame === undefined) return;
  const packed = frame.subarray(PREFIX_BYTES);
  const body = frame[0] === 1 ? gunzipSync(packed) : packed;
  const answer = await handle({ at: performance.now(), headers, body, wireBytes: packed.length });
  if (answer.hangs === true || stream.destroyed) return;
  respond(stream, answer);
}

function respond(stream: ServerHttp2Stream, answer: FaultAnswer): void {
  const { code = 0, message = '', retryAfterMillis, rejected, raw = {} } = answer;
  const details =
    retryAfterMillis === undefined ? undefined : encodeRetryInfo(code, retryAfterMillis);
  const trailers = {
    'grpc-status': String(code),
    'grpc-message': encodeURIComponent(message),
    ...(details === undefined ? {} : { 'grpc-status-details-bin': details.toString('base64') }),
    ...raw.headers,
  };
  if (trailers['grpc-status'] === '') Object.assign(trailers, { 'grpc-status': undefined });
  const type = { ':status': 200, 'content-type': 'application/grpc+proto', ...raw.first };
  if (code !== 0) return stream.respond({ ...type, ...trailers }, { endStream: true });
  stream.respond(type, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  const reply = raw.body ?? encodeAnswer(rejected, message);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(reply.length, 1);
  const frame = Buffer.concat([prefix, reply]);
  if (raw.endless === true) stream.write(frame);
  else stream.end(frame);
}

/** OTLP over HTTP with protobuf. */
export function createHttpServer(handle: Handler, tls?: ServerTls): Server {
  const server: HttpServer =
    tls === undefined ? createHttp() : createHttps({ ...tls, ...clientCheck(tls) });
  server.on('request', async (request, response) => {
    const packed = await read(request);
    if (packed === undefined) return;
    const { headers: asked } = request;
    const body = asked['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed;
    const answer = await handle({
      at: performance.now(),
      headers: asked,
      body,
      wireBytes: packed.length,
    });
    if (answer.hangs === true || response.destroyed) return;
    const { code = 0, retryAfterMillis, rejected, message, raw = {} } = answer;
    if (retryAfterMillis !== undefined)
      response.setHeader('retry-after', String(Math.round(retryAfterMillis / 1000)));
    const headers = { 'content-type': 'application/x-protobuf', ...raw.headers };
    response.writeHead(code === 0 ? 200 : code, headers);
    const reply = raw.body ?? encodeAnswer(rejected, message);
    if (raw.endless !== true) response.end(reply);
    else if (reply.length > 0) response.write(reply);
    else response.flushHeaders();
  });
  return server;
}

function clientCheck({ ca }: ServerTls) {
  return ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
}

/** The whole body, or undefined if the connection was cut. */
async function read(stream: Readable): Promise<Buffer | undefined> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch {
    return undefined;
  }
}
