import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { LINGER_MILLIS } from './limits.js';
import type { Refusal } from './refusal.error.js';

export const JSON_TYPE = 'application/json';
export const PROTOBUF_TYPE = 'application/x-protobuf';

/** Answers with a JSON value. */
export function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': JSON_TYPE }).end(JSON.stringify(value));
}

/** Answers that a request was taken: with an empty response message. */
export function answerTaken(response: ServerResponse, type: string): void {
  response.writeHead(200, { 'content-type': type }).end(type === JSON_TYPE ? '{}' : '');
}

/** Answers a refusal as OTLP has it: with a `google.rpc.Status` in the encoding of the request. */
export function answerRefusal(response: ServerResponse, refusal: Refusal, type: string): void {
  if (response.headersSent || response.destroyed) return;
  const { httpStatus, grpcCode: code, message } = refusal;
  const isProtobuf = type === PROTOBUF_TYPE;
  response.writeHead(httpStatus, {
    'content-type': isProtobuf ? PROTOBUF_TYPE : JSON_TYPE,
    ...(refusal.reason === 'too_many' ? { 'retry-after': '1' } : {}),
    ...(refusal.reason === 'too_slow' ? { connection: 'close' } : {}),
    ...(refusal.reason === 'unknown_method' ? { allow: 'POST' } : {}),
  });
  response.end(isProtobuf ? statusBytes(code, message) : JSON.stringify({ code, message }));
}

/** `google.rpc.Status`: the code is field 1, the message field 2; ours is shorter than 128 bytes × 128. */
function statusBytes(code: number, message: string): Buffer {
  const text = Buffer.from(message);
  const length = [(text.length & 0x7f) | 0x80, text.length >> 7];
  return Buffer.concat([Buffer.from([0x08, code, 0x12, ...length]), text]);
}

/** Answers, without a request, what is none or did not arrive in time, and closes the connection. */
export function answerBroken(socket: Duplex, isLate: boolean): void {
  if (!socket.writable) return void socket.destroy();
  const status = isLate ? '408 Request Timeout' : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  // The other side may never close its half; at once would take the answer from one that still sends.
  setTimeout(() => socket.destroy(), LINGER_MILLIS).unref();
}
