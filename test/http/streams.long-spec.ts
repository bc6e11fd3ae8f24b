import { once } from 'node:events';
import { Agent, get, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import {
  Controller,
  Get,
  Param,
  Post,
  Req,
  Sse,
  StreamableFile,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { interval, map } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import type { Platform } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';
import { send, sendRaw } from './support/raw-request.js';

const MEGABYTE = 1024 * 1024;
const PIECE = Buffer.alloc(MEGABYTE, 'x');

const activeSpanId = (): string | undefined => trace.getActiveSpan()?.spanContext().spanId;

@Controller()
class StreamsController {
  waiting = 0;

  @Get('big')
  big(): StreamableFile {
    let left = 30;
    return new StreamableFile(
      new Readable({
        read() {
          left -= 1;
          this.push(left >= 0 ? PIECE : null);
        },
      }),
    );
  }

  @Get('broken')
  broken(): StreamableFile {
    const source = Readable.from(
      (async function* () {
        yield PIECE;
        await new Promise((resolve) => setTimeout(resolve, 5));
        throw new RangeError('torn');
      })(),
    );
    return new StreamableFile(source);
  }

  @Sse('events')
  events(): unknown {
    return interval(5).pipe(map((tick) => ({ data: { tick } })));
  }

  @Get('never')
  never(): Promise<never> {
    this.waiting += 1;
    return new Promise(() => undefined);
  }
}

@Controller()
class EchoController {
  @Get('echo/:id')
  @Traced({ attributes: (id: string) => ({ id }) })
  async echo(@Param('id') id: string): Promise<string> {
    await new Promise(setImmediate);
    return id;
  }
}

const seen: (string | undefined)[] = [];

@Controller()
class UploadController {
  @Post('upload')
  @UseInterceptors(FileInterceptor('file'))
  @Traced()
  upload(@UploadedFile() file: { size: number }): { size: number } {
    seen.push(activeSpanId());
    return { size: file.size };
  }
}

/** Fastify has no FileInterceptor without its own plugin: multer works there on Node's request. */
@Controller()
class RawUploadController {
  @Post('upload')
  @Traced()
  upload(@Req() request: { raw: { file: { size: number } } }): { size: number } {
    seen.push(activeSpanId());
    return { size: request.raw.file.size };
  }
}

// The package has no types; this is the part of it that is used.
const multer = createRequire(import.meta.url)('multer') as () => {
  single(field: string): (req: object, res: object, next: () => void) => void;
};

interface AnyFastify {
  addContentTypeParser(
    type: string,
    parse: (req: object, body: object, done: (error: null) => void) => void,
  ): void;
}

function acceptUploads(platform: Platform, nest: INestApplication): void {
  if (platform === 'express') return;
  const fastify = nest.getHttpAdapter().getInstance() as AnyFastify;
  fastify.addContentTypeParser('multipart/form-data', (_request, _body, done) => done(null));
  nest.use('/upload', multer().single('file'));
}

function form(size: number): FormData {
  const data = new FormData();
  data.append('file', new Blob([Buffer.alloc(size, 'z')]), 'a.bin');
  return data;
}

/** Reads a response's first bytes and hangs up. */
function readAndGo(url: string): Promise<void> {
  return new Promise((resolve) => {
    const call = get(url, { agent: new Agent() }, (response) => {
      response.once('data', () => call.destroy());
      response.on('error', () => undefined);
    });
    call.on('error', () => undefined);
    call.on('close', resolve);
  });
}

describe.each(PLATFORMS)('responses that take their time, on %s', (platform) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await HttpApp.start(platform, {
      controllers: [
        StreamsController,
        EchoController,
        platform === 'express' ? UploadController : RawUploadController,
      ],
      tracing: { http: { outgoing: false } },
      prepare: (nest) => acceptUploads(platform, nest),
    });
  });
  afterEach(async () => {
    await app.spans.noneOpen();
    app.spans.reset();
  });
  afterAll(() => app.close());

  it('H1 a streamed response of 30 MB keeps its span open until it has ended', async () => {
    const call = get(`${app.url}/big`, { agent: new Agent() });
    const [response] = (await once(call, 'response')) as [Readable];
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.spans.named('GET /big')).toHaveLength(0);
    let size = 0;
    for await (const piece of response) size += (piece as Buffer).length;
    expect(size).toBe(30 * MEGABYTE);
    const server = await app.spans.one('GET /big');
    expect(server.attributes).toMatchObject({ 'http.response.status_code': 200 });
    expect(server.attributes).not.toHaveProperty('async.http.client_disconnected');
  });

  it('H2 a response that breaks off on our side is a failure, not a client that has gone', async () => {
    await readToEnd(`${app.url}/broken`);
    const server = await app.spans.one('GET /broken');
    expect(server.attributes['error.type']).toMatch(/^(response_aborted|RangeError)$/);
    expect(server.attributes).not.toHaveProperty('async.http.client_disconnected');
    expect(server.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('H2 100 clients that hang up on server-sent events leave 100 ended spans, each saying so', async () => {
    await Promise.all(Array.from({ length: 100 }, () => readAndGo(`${app.url}/events`)));
    const servers = await app.spans.many('GET /events', 100);
    for (const { attributes, status } of servers) {
      expect(attributes).toMatchObject({
        'async.http.client_disconnected': true,
        'http.response.status_code': 200,
      });
      expect(status.code).toBe(SpanStatusCode.UNSET);
    }
  });

  it('H2 a client that hangs up before any answer is recorded as such', async () => {
    const call = request(`${app.url}/never`, { agent: new Agent() }).on('error', () => undefined);
    call.end();
    const controller = app.app.get(StreamsController);
    await expect.poll(() => controller.waiting).toBeGreaterThan(0);
    call.destroy();
    const server = await app.spans.one('GET /never');
    expect(server.attributes).toMatchObject({
      'async.http.client_disconnected': true,
      'error.type': 'client_disconnected',
    });
    expect(server.attributes).not.toHaveProperty('http.response.status_code');
    expect(server.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('H2 pipelined requests whose client goes before their turn end too', async () => {
    const one = 'GET /never HTTP/1.1\r\nHost: a\r\n\r\n';
    await sendRaw(app.port, one + one + one, 100);
    await app.spans.many('GET /never', 3);
  });

  it('H1 an uploaded file is parsed by multer inside the span', async () => {
    seen.length = 0;
    const uploads = [1, 2, 3, 4].map((n) =>
      fetch(`${app.url}/upload`, { method: 'POST', body: form(n * 300_000) }),
    );
    const answers = await Promise.all(uploads);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const servers = await app.spans.many('POST /upload', 4);
    const handlers = app.spans.finished.filter(({ name }) => name.endsWith('Controller.upload'));
    expect(handlers).toHaveLength(4);
    for (const handler of handlers) {
      expect(servers.filter((server) => isChild(handler, server))).toHaveLength(1);
    }
    expect(new Set(seen).size).toBe(4);
  });

  it('H1 10,000 keep-alive requests on 50 connections mix no parents and leave no span open', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const next = ids(10_000);
    const client = async (): Promise<void> => {
      for (const id of next) {
        const { body } = await send(`${app.url}/echo/${id}`, { agent });
        if (body !== id) throw new Error(`${id} was answered with ${body}`);
      }
    };
    await Promise.all(Array.from({ length: 50 }, client));
    const { finished } = app.spans;
    await expect.poll(() => finished.filter(isEcho).length, { timeout: 10_000 }).toBe(10_000);
    const paths = new Map(
      finished
        .filter(isEcho)
        .map((span) => [span.spanContext().spanId, span.attributes['url.path']]),
    );
    const work = finished.filter((span) => span.name === 'EchoController.echo');
    const wrong = work.filter(
      (span) =>
        paths.get(span.parentSpanContext?.spanId ?? '') !==
        `/echo/${String(span.attributes['id'])}`,
    );
    expect([paths.size, work.length, wrong.length]).toEqual([10_000, 10_000, 0]);
    agent.destroy();
  });
});

const isEcho = ({ name }: { name: string }): boolean => name === 'GET /echo/:id';

function* ids(count: number): Generator<string> {
  for (let n = 0; n < count; n += 1) yield String(n);
}

async function readToEnd(url: string): Promise<void> {
  try {
    await (await fetch(url)).arrayBuffer();
  } catch {
    // the response is torn on purpose
  }
}

describe('HTTP/2, on fastify', () => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await HttpApp.start('fastify', {
      adapter: new FastifyAdapter({ http2: true } as never),
      controllers: [StreamsController],
      tracing: { http: { outgoing: false } },
    });
  });
  afterAll(() => app.app.close());

  it('H1 has a span for each stream, and one that the client cancels says so', async () => {
    const session = connectHttp2(app.url);
    const big = session.request({ ':path': '/big?token=a' });
    let size = 0;
    for await (const piece of big) size += (piece as Buffer).length;
    expect(size).toBe(30 * MEGABYTE);
    const server = await app.spans.one('GET /big');
    expect(server.attributes).toMatchObject({
      'http.response.status_code': 200,
      'network.protocol.version': '2',
      'server.port': app.port,
      'url.query': 'token=REDACTED',
    });
    expect(server.attributes).not.toHaveProperty('async.http.client_disconnected');
    const events = session.request({ ':path': '/events' });
    await once(events, 'data');
    events.close(8);
    const cancelled = await app.spans.one('GET /events');
    expect(cancelled.attributes).toMatchObject({ 'async.http.client_disconnected': true });
    session.destroy();
    await app.spans.noneOpen();
  });
});
