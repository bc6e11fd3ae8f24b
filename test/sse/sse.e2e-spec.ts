import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Controller, Param, Sse, UseInterceptors } from '@nestjs/common';
import type { CallHandler, NestInterceptor } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { EMPTY, NEVER, Observable, concat, finalize, from, interval, map, of } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from '../http/support/http-app.js';
import { isChild } from '../http/support/kept-spans.js';

const EVENT_STREAM = { 'http.response.header.content-type': ['text/event-stream'] };

class Finalizing implements NestInterceptor {
  intercept(_: unknown, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(finalize(() => trace.getTracer('app').startSpan('after').end()));
  }
}

@Controller('rooms/:room')
class RoomsController {
  constructor(private readonly tracing: TracingService) {}

  @Sse('three')
  three(@Param('room') room: string): Observable<object> {
    return from([{ data: room }, { data: 'b', type: 'joined' }, { data: 'c', id: '7' }]);
  }

  @Sse('none')
  none(): Observable<never> {
    return EMPTY;
  }

  @Sse('comments')
  comments(): Observable<object> {
    return of({ comment: 'still here' }, { data: 'one', comment: 'and a word' });
  }

  @Sse('ticks')
  @UseInterceptors(Finalizing)
  ticks(): Observable<object> {
    return interval(5).pipe(
      map((tick) => ({ data: String(tick) })),
      finalize(() => this.tracing.span('leave room', () => undefined)),
    );
  }

  @Sse('quiet')
  quiet(): Observable<object> {
    return concat(of({ data: 'hello' }), NEVER);
  }

  @Sse('refused')
  refused(): Observable<object> {
    return new Observable((subscriber) => subscriber.error(new RangeError('no such room')));
  }

  @Sse('big', { maxPendingDataLength: Infinity })
  big(): Observable<object> {
    const small = Array.from({ length: 100 }, () => ({ data: 'x' }));
    return concat(of({ data: 'x'.repeat(16 << 20) }, ...small), NEVER);
  }
}

interface Listener {
  readonly call: ClientRequest;
  readonly response: IncomingMessage;
}

/** A client that reads until a text has come. */
async function listenUntil(url: string, text: string): Promise<Listener> {
  const call = get(url, { agent: new Agent() }).on('error', () => undefined);
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  response.setEncoding('utf8').on('error', () => undefined);
  let received = '';
  for await (const piece of response.iterator({ destroyOnReturn: false })) {
    received += String(piece);
    if (received.includes(text)) break;
  }
  return { call, response };
}

const inTraceOf = (span: ReadableSpan, server: ReadableSpan): boolean =>
  span.spanContext().traceId === server.spanContext().traceId;

describe.each(PLATFORMS)('server-sent events, on %s', (platform) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await HttpApp.start(platform, {
      controllers: [RoomsController],
      tracing: { http: { outgoing: false } },
    });
  });
  afterEach(async () => {
    await app.spans.noneOpen();
    app.spans.reset();
  });
  afterAll(() => app.close());

  it('SE1 a stream keeps its route, says what it is, and counts its events', async () => {
    const body = await (await fetch(`${app.url}/rooms/a/three`)).text();
    expect(body).toContain('event: joined\n');
    const server = await app.spans.one('GET /rooms/:room/three');
    expect(server.kind).toBe(SpanKind.SERVER);
    expect(server.status.code).toBe(SpanStatusCode.UNSET);
    expect(server.attributes).toMatchObject({
      ...EVENT_STREAM,
      'async.sse.events': 3,
      'http.route': '/rooms/:room/three',
      'http.response.status_code': 200,
    });
    expect(server.attributes).not.toHaveProperty('async.http.client_disconnected');
  });

  it('SE1 a stream without events has none, and comments are not counted', async () => {
    await (await fetch(`${app.url}/rooms/a/none`)).text();
    const none = await app.spans.one('GET /rooms/:room/none');
    expect(none.attributes).toMatchObject({ ...EVENT_STREAM, 'async.sse.events': 0 });
    const body = await (await fetch(`${app.url}/rooms/a/comments`)).text();
    expect(body).toContain('data: one');
    const commented = await app.spans.one('GET /rooms/:room/comments');
    expect(commented.attributes).toMatchObject({ 'async.sse.events': 1 });
  });

  it('SE1 a client that leaves is no failure', async () => {
    const { call } = await listenUntil(`${app.url}/rooms/a/ticks`, 'data: 1');
    call.destroy();
    const server = await app.spans.one('GET /rooms/:room/ticks');
    expect(server.status.code).toBe(SpanStatusCode.UNSET);
    expect(server.attributes).toMatchObject(EVENT_STREAM);
    expect(server.attributes['async.sse.events']).toBeGreaterThanOrEqual(2);
    expect(server.attributes).not.toHaveProperty('error.type');
    expect(server.events).toEqual([]);
  });

  it('SE2 what is done once the client has left is inside its trace, and before its end', async () => {
    const listeners = await Promise.all(
      Array.from({ length: 5 }, () => listenUntil(`${app.url}/rooms/a/ticks`, 'data: 0')),
    );
    for (const { call } of listeners) call.destroy();
    const servers = await app.spans.many('GET /rooms/:room/ticks', 5);
    for (const server of servers) {
      for (const name of ['leave room', 'after']) {
        const work = app.spans.named(name).filter((span) => inTraceOf(span, server));
        expect(work.map((span) => isChild(span, server))).toEqual([true]);
        expect(app.spans.finished.indexOf(work[0]!)).toBeLessThan(
          app.spans.finished.indexOf(server),
        );
      }
    }
  });

  it('SE1 a stream that fails before its first event is answered, and traced, as any request', async () => {
    const response = await fetch(`${app.url}/rooms/a/refused`);
    expect(response.status).toBe(500);
    await response.text();
    const server = await app.spans.one('GET /rooms/:room/refused');
    expect(server.status).toMatchObject({ code: SpanStatusCode.ERROR, message: 'no such room' });
    expect(server.events).toHaveLength(1);
  });
});

describe.each(PLATFORMS)('server-sent events with a span each, on %s', (platform) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await HttpApp.start(platform, {
      controllers: [RoomsController],
      tracing: { http: { incoming: { sse: 'events' }, outgoing: false } },
    });
  });
  afterEach(async () => {
    await app.spans.noneOpen();
    app.spans.reset();
  });
  afterAll(() => app.close());

  it('SE3 the request ends at its headers, and each event is a trace of its own, linked to it', async () => {
    await (await fetch(`${app.url}/rooms/a/three`)).text();
    const server = await app.spans.one('GET /rooms/:room/three');
    expect(server.attributes).toMatchObject({ ...EVENT_STREAM, 'http.response.status_code': 200 });
    const events = await app.spans.many('send event /rooms/:room/three', 3);
    for (const event of events) {
      expect(event.kind).toBe(SpanKind.PRODUCER);
      expect(event.parentSpanContext).toBeUndefined();
      expect(event.attributes['http.route']).toBe('/rooms/:room/three');
      expect(event.links.map(({ context }) => context.spanId)).toEqual([
        server.spanContext().spanId,
      ]);
      expect(inTraceOf(event, server)).toBe(false);
    }
    expect(events.map(({ attributes }) => attributes['async.sse.event.type'])).toEqual([
      undefined,
      'joined',
      undefined,
    ]);
    expect(new Set(events.map((event) => event.spanContext().traceId)).size).toBe(3);
  });

  it('SE3 the span of a stream that stays open has ended when the client has its headers', async () => {
    const { call } = await listenUntil(`${app.url}/rooms/a/quiet`, 'hello');
    await app.spans.one('GET /rooms/:room/quiet');
    await app.spans.one('send event /rooms/:room/quiet');
    await app.spans.noneOpen();
    call.destroy();
  });

  it('SE2 what is done once the client has left is inside its trace all the same', async () => {
    const { call } = await listenUntil(`${app.url}/rooms/a/ticks`, 'data: 1');
    call.destroy();
    const server = await app.spans.one('GET /rooms/:room/ticks');
    for (const name of ['leave room', 'after']) {
      expect(isChild(await app.spans.one(name), server)).toBe(true);
    }
  });

  it('SE3 an event that nobody takes any more is called off, and the request has long ended', async () => {
    const call = get(`${app.url}/rooms/a/big`, { agent: new Agent() }).on('error', () => undefined);
    await once(call, 'response');
    await app.spans.one('GET /rooms/:room/big');
    await expect.poll(() => app.spans.open.size).toBe(1);
    call.destroy();
    await app.spans.noneOpen();
    const late = app.spans.finished.at(-1)!;
    expect(late.name).toBe('send event /rooms/:room/big');
    expect(late.status.code).toBe(SpanStatusCode.UNSET);
    expect(late.attributes['async.task.outcome']).toBe('cancelled');
  });

  it('SE3 a stream that fails before its first event has no span of an event', async () => {
    const response = await fetch(`${app.url}/rooms/a/refused`);
    await response.text();
    const server = await app.spans.one('GET /rooms/:room/refused');
    expect(server.status.code).toBe(SpanStatusCode.ERROR);
    expect(app.spans.finished).toHaveLength(1);
  });
});

describe.each(PLATFORMS)('server-sent events when the application closes, on %s', (platform) => {
  it('SE4 ends the spans of open streams at once, as no failure', async () => {
    const app = await HttpApp.start(platform, {
      controllers: [RoomsController],
      tracing: { http: { outgoing: false } },
    });
    const listeners = await Promise.all(
      Array.from({ length: 3 }, () => listenUntil(`${app.url}/rooms/a/quiet`, 'hello')),
    );
    const closing = app.app.close();
    const servers = await app.spans.many('GET /rooms/:room/quiet', 3);
    for (const server of servers) {
      expect(server.status.code).toBe(SpanStatusCode.UNSET);
      expect(server.attributes).toMatchObject({
        ...EVENT_STREAM,
        'async.sse.events': 1,
        'async.task.outcome': 'cancelled',
        'http.response.status_code': 200,
      });
      expect(server.attributes).not.toHaveProperty('error.type');
    }
    for (const { call } of listeners) call.destroy();
    await closing;
    expect(app.spans.finished).toHaveLength(3);
  });
});

describe('server-sent events over HTTP/2, on fastify', () => {
  it('SE1 SE2 a stream that its client closes is counted, and what is done then is inside its trace', async () => {
    const app = await HttpApp.start('fastify', {
      adapter: new FastifyAdapter({ http2: true } as never),
      controllers: [RoomsController],
      tracing: { http: { outgoing: false } },
    });
    const session = connectHttp2(app.url);
    const events = session.request({ ':path': '/rooms/a/ticks' });
    await once(events, 'data');
    events.close(8);
    const server = await app.spans.one('GET /rooms/:room/ticks');
    expect(server.attributes).toMatchObject({ ...EVENT_STREAM, 'network.protocol.version': '2' });
    expect(server.status.code).toBe(SpanStatusCode.UNSET);
    for (const name of ['leave room', 'after']) {
      expect(isChild(await app.spans.one(name), server)).toBe(true);
    }
    session.destroy();
    await app.app.close();
  });
});
