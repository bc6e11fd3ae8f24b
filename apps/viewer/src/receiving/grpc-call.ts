import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { OTLP_SERVICES, type OtlpService } from './otlp/otlp-services.js';
import { Refusal } from './refusal.error.js';

const HEADER_BYTES = 5;
const EMPTY_MESSAGE = Buffer.alloc(HEADER_BYTES);
const CONTENT_TYPE = 'application/grpc';

/** The service that a call is for. @throws Refusal if there is none. */
export function readCall(headers: IncomingHttpHeaders): OtlpService {
  const service = OTLP_SERVICES.find(({ grpcPath }) => grpcPath === headers[':path']);
  if (!service)
    throw new Refusal('unknown_path', 'The viewer has OTLP traces, logs and metrics only.');
  if (headers[':method'] !== 'POST') throw new Refusal('unknown_method', 'gRPC is sent with POST.');
  const type = headers['content-type'] ?? '';
  if (!/^application\/grpc($|;|\+proto)/.test(type)) {
    throw new Refusal('unknown_type', `Send ${CONTENT_TYPE}.`);
  }
  return service;
}

/** The only message of a call, and whether it is compressed. @throws Refusal */
export function readMessage(body: Buffer, headers: IncomingHttpHeaders) {
  const isWhole =
    body.length >= HEADER_BYTES && body.readUInt32BE(1) === body.length - HEADER_BYTES;
  const flag = body[0];
  if (!isWhole || (flag !== 0 && flag !== 1)) {
    throw new Refusal('malformed', 'A call must hold one whole gRPC message.');
  }
  if (flag === 1 && headers['grpc-encoding'] !== 'gzip') {
    throw new Refusal('unknown_type', 'A message may be gzip or uncompressed.');
  }
  return { message: body.subarray(HEADER_BYTES), isGzipped: flag === 1 };
}

/** Answers a call that was taken, with an empty response message. */
export function answerCall(stream: ServerHttp2Stream): void {
  if (stream.closed || stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': CONTENT_TYPE }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(EMPTY_MESSAGE);
}

/** Answers a refusal in the headers alone, and takes no more of the call. */
export function answerCallRefused(stream: ServerHttp2Stream, { grpcCode, message }: Refusal): void {
  if (stream.closed || stream.destroyed || stream.headersSent) return;
  const headers = {
    ':status': 200,
    'content-type': CONTENT_TYPE,
    'grpc-status': String(grpcCode),
    'grpc-message': encodeURIComponent(message.toWellFormed()),
  };
  stream.respond(headers, { endStream: true });
  stream.close();
}
