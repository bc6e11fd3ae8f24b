import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callGrpc } from './support/grpc-caller.js';
import { protobufTrace } from './support/messages.js';
import { ViewerProcess } from './support/viewer-process.js';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const [INVALID_ARGUMENT, DEADLINE_EXCEEDED, EXHAUSTED, UNIMPLEMENTED] = ['3', '4', '8', '12'];
const FIELDS = { 'content-type': 'application/grpc', te: 'trailers' };

function frame(flag: number, body: Uint8Array, length = body.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, body]);
}

let viewer: ViewerProcess;
let session: ClientHttp2Session;

const start = async (): Promise<void> => {
  viewer = await ViewerProcess.start('--timeout', '800');
};

/** Each test has a session of its own, and the viewer goes on after it. */
function useSessions(): void {
  beforeEach(() => {
    session = connect(`http://127.0.0.1:${viewer.grpc}`).on('error', () => undefined);
  });

  afterEach(async () => {
    session.destroy();
    const name = `still here ${crypto.randomUUID()}`;
    expect(await callGrpc(viewer.grpc, protobufTrace(name))).toBe('OK');
    await viewer.printed(name);
  });
}

/** The status in the headers or, after a message, in the trailers. */
function call(body: Uint8Array, headers: Record<string, string> = {}): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const fields = { ...FIELDS, ...headers };
  const stream = session.request({ ':method': 'POST', ':path': EXPORT, ...fields });
  const read = (got: Record<string, unknown>) => got['grpc-status'] && resolve(got['grpc-status']);
  stream.on('response', read).on('trailers', read).on('error', reject).resume().end(body);
  return promise;
}

const message = protobufTrace('framed');
const encoded = { 'grpc-encoding': 'gzip' };

describe('gRPC calls that are framed in any way', () => {
  beforeAll(start);
  useSessions();
  afterAll(() => viewer.stop());

  it.each<[string, Buffer, Record<string, string>, string]>([
    ['whole', frame(0, message), {}, '0'],
    ['gzipped', frame(1, gzipSync(message)), encoded, '0'],
    ['gzip announced and not used', frame(0, message), encoded, '0'],
    ['an empty message', frame(0, Buffer.alloc(0)), {}, '0'],
    ['no message', Buffer.alloc(0), {}, INVALID_ARGUMENT],
    ['half a head', Buffer.alloc(3), {}, INVALID_ARGUMENT],
    ['less than it says', frame(0, message, message.length + 1), {}, INVALID_ARGUMENT],
    ['4 GB, it says', frame(0, message, 0xffffffff), {}, INVALID_ARGUMENT],
    ['more than it says', frame(0, message, message.length - 1), {}, INVALID_ARGUMENT],
    ['two messages', Buffer.concat([frame(0, message), frame(0, message)]), {}, INVALID_ARGUMENT],
    ['an unknown flag', frame(7, message), {}, INVALID_ARGUMENT],
    ['gzip that is none', frame(1, message), encoded, INVALID_ARGUMENT],
    ['gzip that is not announced', frame(1, gzipSync(message)), {}, UNIMPLEMENTED],
    ['another encoding', frame(1, message), { 'grpc-encoding': 'br' }, UNIMPLEMENTED],
    ['a gzip bomb', frame(1, gzipSync(Buffer.alloc(150e6))), encoded, EXHAUSTED],
    ['another type', frame(0, message), { 'content-type': 'application/json' }, UNIMPLEMENTED],
    [
      'another codec',
      frame(0, message),
      { 'content-type': 'application/grpc+json' },
      UNIMPLEMENTED,
    ],
  ])('%s', async (_case, body, headers, status) => {
    const before = viewer.peakMegabytes;
    expect(await call(body, headers)).toBe(status);
    expect(viewer.peakMegabytes - before).toBeLessThan(150);
  });
});

describe('gRPC calls that do not end as they should', () => {
  beforeEach(start);
  afterEach(() => viewer.stop());
  useSessions();

  it('ends a call that does not arrive in time, not the connection that rests after it', async () => {
    const stream = session.request({ ...FIELDS, ':method': 'POST', ':path': EXPORT });
    const headers = new Promise<Record<string, unknown>>((resolve) =>
      stream.once('response', resolve),
    );
    stream.write(frame(0, message).subarray(0, 8));
    expect(await headers).toMatchObject({ 'grpc-status': DEADLINE_EXCEEDED });
    expect((await viewer.stats()).refused).toEqual({ too_slow: 1 });
    await setTimeout(1_500);
    expect(session.closed).toBe(false);
    expect(await call(frame(0, message))).toBe('0');
  });

  it('goes on after 2,000 calls that are reset, and a session that ends in the middle', async () => {
    for (let index = 0; index < 2_000 && !session.destroyed; index++) {
      const headers = { ':method': 'POST', ':path': EXPORT, 'content-type': 'application/grpc' };
      session
        .request(headers)
        .on('error', () => undefined)
        .close(constants.NGHTTP2_CANCEL);
    }
    await setTimeout(100);
    session
      .request({ ':method': 'POST', ':path': EXPORT })
      .on('error', () => undefined)
      .write('x');
    session.destroy();
  });
});
