import {
  All,
  BadRequestException,
  Body,
  Controller,
  Get,
  Injectable,
  InternalServerErrorException,
  MethodNotAllowedException,
  Param,
  Post,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import type {
  CallHandler,
  CanActivate,
  ExecutionContext,
  NestInterceptor,
  PipeTransform,
} from '@nestjs/common';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';
import { send, sendRaw } from './support/raw-request.js';

const seen = new Map<string, string | undefined>();
const note = (place: string): void => {
  seen.set(place, trace.getActiveSpan()?.spanContext().spanId);
};

@Injectable()
class Guard implements CanActivate {
  canActivate(): boolean {
    note('guard');
    return true;
  }
}

@Injectable()
class Pipe implements PipeTransform {
  transform(value: unknown): unknown {
    note('pipe');
    return value;
  }
}

@Injectable()
class Interceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    note('interceptor');
    return next.handle();
  }
}

@Controller('cats')
class CatsController {
  @Get('fail/hard')
  fail(): void {
    throw new InternalServerErrorException();
  }

  @Get('fail/client')
  refuse(): void {
    throw new BadRequestException();
  }

  @Get('fail/method')
  method(): void {
    throw new MethodNotAllowedException();
  }

  @Get(':name')
  @Traced()
  async find(@Param('name') name: string): Promise<{ name: string }> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { name };
  }

  @Post(':name')
  @UseGuards(Guard)
  @UseInterceptors(Interceptor)
  @UsePipes(Pipe)
  @Traced()
  async feed(@Body() body: unknown): Promise<unknown> {
    return body;
  }

  @All('any/method')
  any(): string {
    return 'any';
  }
}

interface NodeLike {
  on(event: string, listener: () => void): void;
}

interface IncomingServer {
  prependOnceListener(event: 'request', listener: (request: object) => void): void;
}

/** As Express's and Fastify's middleware both get it: Node's own request and response. */
function middleware(req: NodeLike, res: NodeLike, next: () => void): void {
  note('middleware');
  req.on('end', () => note('request end'));
  res.on('finish', () => note('response finish'));
  res.on('close', () => note('response close'));
  next();
}

describe.each(PLATFORMS)('requests that come in, on %s', (platform) => {
  let app: HttpApp;

  beforeAll(async () => {
    app = await HttpApp.start(platform, {
      controllers: [CatsController],
      tracing: {
        http: {
          outgoing: false,
          incoming: {
            ignore: ['/cats/health', '/internal/*'],
            requestHeaders: ['X-Team', 'Authorization'],
            responseHeaders: ['content-type'],
          },
        },
      },
      prepare: (nest) => nest.use(middleware),
    });
  });
  afterEach(async () => {
    await app.spans.noneOpen();
    app.spans.reset();
    seen.clear();
  });
  afterAll(() => app.close());

  it('H1 get a SERVER span with the names and attributes of the HTTP conventions', async () => {
    const answer = await send(`${app.url}/cats/tom?q=a&api_key=s3cret`, {
      headers: { 'user-agent': 'tests', 'x-team': 'blue', authorization: 'Bearer s3cret' },
    });
    expect(answer).toMatchObject({ status: 200, body: '{"name":"tom"}' });
    const server = await app.spans.one('GET /cats/:name');
    expect(server).toMatchObject({
      kind: SpanKind.SERVER,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/cats/:name',
        'http.response.status_code': 200,
        'url.path': '/cats/tom',
        'url.query': 'q=a&api_key=REDACTED',
        'url.scheme': 'http',
        'server.address': '127.0.0.1',
        'server.port': app.port,
        'client.address': '127.0.0.1',
        'network.protocol.version': '1.1',
        'user_agent.original': 'tests',
        'http.request.header.x-team': ['blue'],
        'http.request.header.authorization': ['REDACTED'],
      },
    });
    expect(server.attributes['http.response.header.content-type']).toEqual([
      expect.stringContaining('application/json'),
    ]);
    expect(server.parentSpanContext).toBeUndefined();
    expect(isChild(await app.spans.one('CatsController.find'), server)).toBe(true);
    expect(JSON.stringify(server.attributes)).not.toContain('s3cret');
  });

  it('H1 say nothing of what a request does not tell, and lose nothing', async () => {
    const server = app.app.getHttpServer() as IncomingServer;
    server.prependOnceListener('request', (request) => {
      Object.assign(request, { httpVersion: undefined });
    });
    expect(await send(`${app.url}/cats/tom`)).toMatchObject({ status: 200 });
    const { attributes, droppedAttributesCount } = await app.spans.one('GET /cats/:name');
    expect(Object.keys(attributes)).not.toContain('network.protocol.version');
    expect(droppedAttributesCount).toBe(0);
  });

  it('H1 give samplers what they need at creation', async () => {
    await send(`${app.url}/cats/tom`);
    const server = await app.spans.one('GET /cats/:name');
    expect(app.spans.atStart.get(server.spanContext().spanId)).toMatchObject({
      'http.request.method': 'GET',
      'url.path': '/cats/tom',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'client.address': '127.0.0.1',
      ...(platform === 'fastify' ? { 'http.route': '/cats/:name' } : {}),
    });
  });

  it('H1 run middleware, body parser, guards, interceptors, pipes, handler and listeners inside it', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await send(`${app.url}/cats/tom`, { method: 'POST', headers }, '{"fish":2}');
    expect(answer).toMatchObject({ status: 201, body: '{"fish":2}' });
    const server = await app.spans.one('POST /cats/:name');
    await expect.poll(() => seen.has('response close')).toBe(true);
    const { spanId } = server.spanContext();
    const places = 'middleware,guard,interceptor,pipe,request end,response finish,response close';
    for (const place of places.split(','))
      expect([place, seen.get(place)]).toEqual([place, spanId]);
    expect(isChild(await app.spans.one('CatsController.feed'), server)).toBe(true);
  });

  it.each([
    ['fail/hard', 500, SpanStatusCode.ERROR, '500'],
    ['fail/client', 400, SpanStatusCode.UNSET, undefined],
    ['fail/method', 405, SpanStatusCode.UNSET, undefined],
  ])('H2 %s answers %i with status %i', async (path, status, code, errorType) => {
    await send(`${app.url}/cats/${path}`);
    const server = await app.spans.one(`GET /cats/${path}`);
    expect(server.status.code).toBe(code);
    expect(server.attributes['http.response.status_code']).toBe(status);
    expect(server.attributes['error.type']).toBe(errorType);
  });

  it('H1 have no route if none matched: 404', async () => {
    expect((await send(`${app.url}/nowhere/at/all`)).status).toBe(404);
    const server = await app.spans.one('GET');
    expect(server.attributes).toMatchObject({ 'http.response.status_code': 404 });
    expect(server.attributes).not.toHaveProperty('http.route');
    expect(server.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('H1 keep HEAD and OPTIONS apart', async () => {
    await send(`${app.url}/cats/tom`, { method: 'HEAD' });
    expect((await app.spans.one('HEAD /cats/:name')).attributes['http.response.status_code']).toBe(
      200,
    );
    await send(`${app.url}/cats/any/method`, { method: 'OPTIONS' });
    await app.spans.one('OPTIONS /cats/any/method');
  });

  it('H1 call a method that nobody knows _OTHER', async () => {
    await sendRaw(app.port, 'PROPFIND /cats/tom HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await expect.poll(() => app.spans.finished.length).toBe(1);
    const [server] = app.spans.finished;
    expect(server?.name).toMatch(/^HTTP/);
    expect(server?.attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'PROPFIND',
    });
  });

  it('H1 leave no span behind when they are malformed', async () => {
    const bad = [
      'GARBAGE\r\n\r\n',
      'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
      'GET /%E0%A4%A HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n',
      'POST /cats/tom HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5\r\nConnection: close\r\n\r\n{"a":',
      'POST /cats/tom HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n',
      `GET / HTTP/1.1\r\nHost: a b c\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
    ];
    for (const bytes of bad) await sendRaw(app.port, bytes, 100);
    await app.spans.noneOpen();
    expect(app.spans.named('POST /cats/:name').length).toBeLessThanOrEqual(2);
  });

  it('H1 that are pipelined have one span each, in their own traces', async () => {
    const one = (name: string) => `GET /cats/${name} HTTP/1.1\r\nHost: a\r\n\r\n`;
    await sendRaw(app.port, one('a') + one('b') + one('c') + one('d'));
    const servers = await app.spans.many('GET /cats/:name', 4);
    expect(new Set(servers.map((span) => span.spanContext().traceId)).size).toBe(4);
    for (const find of await app.spans.many('CatsController.find', 4)) {
      const parent = servers.find((span) => isChild(find, span));
      expect(parent).toBeDefined();
    }
  });

  it('H2 that were pipelined end when their client goes before its turn', async () => {
    const one = (name: string) => `GET /cats/${name} HTTP/1.1\r\nHost: a\r\n\r\n`;
    await sendRaw(app.port, one('a') + one('b') + one('c'), 1);
    await app.spans.noneOpen();
  });

  it('H1 that expect 100-continue have one span', async () => {
    const head =
      'POST /cats/tom HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n' +
      'Content-Type: application/json\r\nContent-Length: 10\r\n\r\n';
    const answer = await sendRaw(app.port, `${head}{"fish":2}`);
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue[^]*HTTP\/1.1 201/);
    await app.spans.one('POST /cats/:name');
  });

  it('H1 that are ignored have no span, nor has their work', async () => {
    await send(`${app.url}/cats/health`);
    await send(`${app.url}/internal/x`);
    await send(`${app.url}/cats/tom`);
    await app.spans.one('GET /cats/:name');
    expect(app.spans.finished.map((span) => span.name).sort()).toEqual([
      'CatsController.find',
      'GET /cats/:name',
    ]);
  });
});
