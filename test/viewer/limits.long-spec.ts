import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callGrpc } from './support/grpc-caller.js';
import { protobufTrace, span, traces } from './support/messages.js';
import { ViewerProcess } from './support/viewer-process.js';

const MEGABYTE = 1024 * 1024;
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const GZIP = { 'content-encoding': 'gzip' };

describe('what a sender may cost is bounded, and the viewer goes on', () => {
  let viewer: ViewerProcess;
  let sockets: Socket[];

  beforeEach(async () => {
    sockets = [];
    viewer = await ViewerProcess.start('--timeout', '3000');
  });

  afterEach(async () => {
    sockets.forEach((socket) => socket.destroy());
    await setTimeout(50);
    const name = `still here ${crypto.randomUUID()}`;
    expect(await viewer.post('/v1/traces', traces(span({ name })))).toMatchObject({ status: 200 });
    await viewer.printed(name);
    expect(await callGrpc(viewer.grpc, protobufTrace('good'))).toBe('OK');
    await viewer.stop();
  });

  function open(port: number): Socket {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }

  async function refused(reason: string): Promise<number> {
    return (await viewer.stats()).refused[reason] ?? 0;
  }

  it('refuses a body of 400 MB with a length, and one without', async () => {
    const before = viewer.peakMegabytes;
    for (const length of [400 * MEGABYTE, undefined]) {
      const socket = open(viewer.http);
      const size =
        length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
      const type = 'Content-Type: application/json';
      socket.write(`POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n${type}\r\n${size}\r\n\r\n`);
      const chunk = Buffer.alloc(MEGABYTE, 0x20);
      let answer = '';
      socket.on('data', (data) => (answer += data.toString()));
      for (let sent = 0; sent < 400 && !answer && !socket.destroyed; sent++) {
        if (length === undefined) socket.write(`${MEGABYTE.toString(16)}\r\n`);
        const isDrained = socket.write(chunk);
        if (length === undefined) socket.write('\r\n');
        if (!isDrained) {
          await Promise.race([
            new Promise((resolve) => socket.once('drain', resolve)),
            setTimeout(200),
          ]);
        }
      }
      expect(answer).toContain('413');
    }
    expect(await refused('too_large')).toBe(2);
    expect(viewer.peakMegabytes - before).toBeLessThan(150);
  });

  it.each([
    ['HTTP', () => viewer.post('/v1/traces', bomb(), GZIP).then(({ status }) => status), 413],
    [
      'HTTP, protobuf',
      () =>
        viewer.post('/v1/traces', bomb(), { ...PROTOBUF, ...GZIP }).then(({ status }) => status),
      413,
    ],
  ])('refuses a gzip bomb over %s', async (_wire, send, status) => {
    const before = viewer.peakMegabytes;
    expect(await send()).toBe(status);
    expect(await refused('too_large')).toBe(1);
    expect(viewer.peakMegabytes - before).toBeLessThan(150);
  });

  it('refuses gzip that is none or half, and any other encoding', async () => {
    const half = gzipSync(traces(span())).subarray(0, -20);
    expect((await viewer.post('/v1/traces', 'none', GZIP)).status).toBe(400);
    expect((await viewer.post('/v1/traces', half, GZIP)).status).toBe(400);
    const brotli = { 'content-encoding': 'br' };
    expect((await viewer.post('/v1/traces', 'x', brotli)).status).toBe(415);
  });

  it.each<[string, Record<string, string>, () => Buffer]>([
    ['empty objects', {}, () => Buffer.from(`{"resourceSpans":[${'{},'.repeat(5e6)}{}]}`)],
    ['empty spans in protobuf', PROTOBUF, () => Buffer.from('0a00'.repeat(7e6), 'hex')],
    ['wrong elements', {}, () => Buffer.from(`{"resourceSpans":[${'1,'.repeat(7e6)}1]}`)],
  ])('refuses 15 MB of %s before they become a gigabyte', async (_case, type, body) => {
    const before = viewer.peakMegabytes;
    const { status } = await viewer.post('/v1/traces', body(), type);
    expect(status).toBe(413);
    expect(viewer.peakMegabytes - before).toBeLessThan(250);
  });

  it('refuses a gRPC message above the limit', async () => {
    const before = viewer.peakMegabytes;
    const message = protobufTrace('x'.repeat(40 * MEGABYTE));
    expect(await callGrpc(viewer.grpc, message)).toBe('RESOURCE_EXHAUSTED');
    expect(await refused('too_large')).toBe(1);
    expect(viewer.peakMegabytes - before).toBeLessThan(200);
  });

  it('holds a bounded sum of bodies, however many send at once', { timeout: 90_000 }, async () => {
    // None may be refused for the time it takes on a busy machine.
    await viewer.stop();
    viewer = await ViewerProcess.start('--timeout', '60000');
    const before = viewer.peakMegabytes;
    const heads = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 12000000';
    const chunk = Buffer.alloc(11 * MEGABYTE, 0x20);
    for (let index = 0; index < 40; index++) {
      open(viewer.http).write(`POST /v1/traces HTTP/1.1\r\n${heads}\r\n\r\n`);
      sockets.at(-1)!.write(chunk);
    }
    await expect.poll(() => refused('too_many'), { timeout: 50_000 }).toBeGreaterThan(20);
    expect(viewer.peakMegabytes - before).toBeLessThan(300);
  });

  it('ends requests that do not arrive in time: header, body, and a silent connection', async () => {
    const silent = open(viewer.http);
    const header = open(viewer.http);
    header.write('POST /v1/traces HTTP/1.1\r\nHost: local');
    const body = open(viewer.http);
    body.write('POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
    body.write('Content-Length: 100\r\n\r\n{');
    const grpc = open(viewer.grpc);
    const half = open(viewer.grpc);
    half.write('PRI * HTTP/2.0\r\n');
    const all = [silent, header, body, grpc, half];
    all.forEach((socket) => socket.resume());
    const closed = all.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    await Promise.race([
      Promise.all(closed),
      setTimeout(10_000, undefined, { ref: false }).then(() => {
        throw new Error(`open: ${all.map((each) => !each.destroyed).join()}`);
      }),
    ]);
    expect(await refused('too_slow')).toBeGreaterThanOrEqual(2);
  });

  it('takes a bounded number of connections on each port', async () => {
    for (const port of [viewer.http, viewer.grpc]) {
      for (let index = 0; index < 300; index++) open(port);
    }
    const openSockets = () =>
      sockets.filter(({ destroyed, readyState }) => !destroyed && readyState === 'open').length;
    const opening = () => sockets.filter(({ readyState }) => readyState === 'opening').length;
    // The system accepts them all; the viewer closes what is too many as it comes to it.
    await expect.poll(opening, { timeout: 15_000 }).toBe(0);
    await expect.poll(openSockets, { timeout: 15_000 }).toBeLessThanOrEqual(512);
    sockets.forEach((socket) => socket.destroy());
    // As long as they hold every place, whoever asks is refused as well.
    await expect
      .poll(() => refused('too_many').catch(() => 0), { timeout: 15_000 })
      .toBeGreaterThanOrEqual(88);
  });

  it('goes on when senders go away in the middle, and when they speak no HTTP', async () => {
    const breakOff = () => {
      const http = open(viewer.http);
      http.write(
        'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n',
      );
      http.write('Content-Length: 1000\r\n\r\n{"resource', () => http.resetAndDestroy());
      const noise = open(viewer.grpc);
      noise.write('POST /v1/traces HTTP/1.1\r\n\r\n', () => noise.end());
      open(viewer.http).end('\u0000\u0001\u0002\r\n\r\n');
    };
    for (let index = 0; index < 50; index++) breakOff();
    // A reset takes along what the viewer has not read yet, on a busy machine everything.
    const again = () => {
      breakOff();
      return refused('broken_off');
    };
    await expect.poll(again, { timeout: 15_000 }).toBeGreaterThan(0);
    await expect.poll(() => refused('malformed')).toBeGreaterThan(0);
  });
});

/** 150 KB that become 150 MB. */
function bomb(): Buffer {
  return gzipSync(Buffer.alloc(150 * MEGABYTE));
}
