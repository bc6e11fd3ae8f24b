import {
  BadRequestException,
  Catch,
  Injectable,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import type {
  CallHandler,
  CanActivate,
  ExceptionFilter,
  NestInterceptor,
  PipeTransform,
} from '@nestjs/common';
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import type { WsResponse } from '@nestjs/websockets';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { NEVER, Observable, from, map, of, tap, throwError } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { isChild } from '../http/support/kept-spans.js';
import { KINDS, SocketApp } from './support/socket-app.js';

/** Names the span that is active, by a span of its own. */
const mark = (name: string): void => trace.getTracer('app').startSpan(name).end();

@Injectable()
class MarkingGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await Promise.resolve();
    mark('guard');
    return true;
  }
}

class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

class MarkingInterceptor implements NestInterceptor {
  intercept(_: unknown, next: CallHandler): Observable<unknown> {
    mark('before');
    return next.handle().pipe(tap(() => mark('after')));
  }
}

class MarkingPipe implements PipeTransform {
  transform(value: unknown): unknown {
    mark('pipe');
    return value;
  }
}

class ThrowingPipe implements PipeTransform {
  transform(): never {
    throw new BadRequestException('not that');
  }
}

@Catch()
class MarkingFilter implements ExceptionFilter {
  catch(): void {
    mark('filter');
  }
}

@Catch()
class ThrowingFilter implements ExceptionFilter {
  catch(): never {
    throw new TypeError('filter broke');
  }
}

@WebSocketGateway()
class ChatGateway {
  @SubscribeMessage('say')
  @UseGuards(MarkingGuard)
  @UsePipes(MarkingPipe)
  async say(@MessageBody() text: unknown): Promise<WsResponse> {
    mark('handler');
    await new Promise(setImmediate);
    mark('later');
    return { event: 'said', data: text };
  }

  @SubscribeMessage('intercepted')
  @UseGuards(MarkingGuard)
  @UseInterceptors(MarkingInterceptor)
  @UsePipes(MarkingPipe)
  async intercepted(@MessageBody() text: unknown): Promise<WsResponse> {
    mark('handler');
    await new Promise(setImmediate);
    mark('later');
    return { event: 'said', data: text };
  }

  @SubscribeMessage('echo')
  echo(@MessageBody() data: unknown): WsResponse {
    return { event: 'echoed', data };
  }

  @SubscribeMessage('ack')
  ack(@MessageBody() data: unknown): unknown {
    return { data };
  }

  @SubscribeMessage('silent')
  silent(): void {
    mark('silent');
  }

  @SubscribeMessage('traced')
  @Traced('find answer')
  traced(): WsResponse {
    return { event: 'said', data: 'traced' };
  }

  @SubscribeMessage('three')
  three(): Observable<WsResponse> {
    return from([1, 2, 3]).pipe(
      tap((data) => mark(`value ${data}`)),
      map((data) => ({ event: 'three', data })),
    );
  }

  @SubscribeMessage('refused')
  @UseGuards(RefusingGuard)
  refused(): string {
    return 'never';
  }

  @SubscribeMessage('exception')
  exception(): never {
    throw new WsException('no such room');
  }

  @SubscribeMessage('broken')
  async broken(): Promise<never> {
    await Promise.resolve();
    throw new RangeError('broken');
  }

  @SubscribeMessage('broken intercepted')
  @UseInterceptors(MarkingInterceptor)
  brokenIntercepted(): never {
    throw new RangeError('broken');
  }

  @SubscribeMessage('broken stream')
  brokenStream(): Observable<never> {
    return throwError(() => new RangeError('broken'));
  }

  @SubscribeMessage('bad')
  @UsePipes(ThrowingPipe)
  bad(@MessageBody() data: unknown): unknown {
    return data;
  }

  @SubscribeMessage('filtered')
  @UseFilters(MarkingFilter)
  filtered(): never {
    throw new RangeError('broken');
  }

  @SubscribeMessage('filter throws')
  @UseFilters(ThrowingFilter)
  filterThrows(): never {
    throw new WsException('expected');
  }

  @SubscribeMessage('endless')
  endless(): Observable<never> {
    return NEVER;
  }

  @SubscribeMessage('nothing')
  nothing(): Observable<WsResponse> {
    return of();
  }
}

describe.each(KINDS)('messages of gateways, over %s', (kind) => {
  let app: SocketApp;
  let client: Awaited<ReturnType<SocketApp['connect']>>;
  beforeAll(async () => {
    app = await SocketApp.start(kind, { module: { providers: [ChatGateway, MarkingGuard] } });
    client = await app.connect();
    await vi.waitFor(() => expect(app.spans.named('connect ChatGateway')).toHaveLength(1));
    app.spans.reset();
  });
  afterEach(async () => {
    await app.spans.noneOpen();
    app.spans.reset();
  });
  afterAll(() => app.close());

  const inside = async (name: string, of_: string): Promise<void> => {
    expect(isChild(await app.spans.one(name), await app.spans.one(of_))).toBe(true);
  };

  it('WS1 WS2 a message has one span, named by its event, that says what handles it', async () => {
    expect(await client.ask('echo', { n: 1 }, 'echoed')).toEqual({ n: 1 });
    const span = await app.spans.one('process echo');
    expect(span.kind).toBe(SpanKind.CONSUMER);
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(app.spans.atStart.get(span.spanContext().spanId)).toEqual({
      'code.function.name': 'ChatGateway.echo',
      'messaging.destination.name': 'echo',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.system': kind,
      'nestjs.transport': kind,
      'network.protocol.name': 'websocket',
      ...(kind === 'ws' ? {} : { 'nestjs.websocket.namespace': '/' }),
    });
    expect(app.spans.finished).toHaveLength(1);
  });

  it.each(['say', 'intercepted'])('WS3 all of its work runs inside: %s', async (event) => {
    expect(await client.ask(event, 'hello', 'said')).toBe('hello');
    const names = ['guard', 'pipe', 'handler', 'later'];
    if (event === 'intercepted') names.push('before', 'after');
    for (const name of names) await inside(name, `process ${event}`);
  });

  it('WS1 a handler without an answer, and one with a span of its own', async () => {
    client.send('silent');
    await inside('silent', 'process silent');
    expect(await client.ask('traced', 1, 'said')).toBe('traced');
    await inside('find answer', 'process traced');
  });

  it('WS8 a stream of answers is one span until it is complete', async () => {
    client.send('three');
    expect(await client.until('three', 3)).toEqual([1, 2, 3]);
    for (const value of [1, 2, 3]) await inside(`value ${value}`, 'process three');
    client.send('nothing');
    await app.spans.one('process nothing');
  });

  it('WS5 a refusal by a guard is recorded, raw, once, and is no failure', async () => {
    expect(await client.ask('refused', 1, 'exception')).toMatchObject({
      message: 'Forbidden resource',
    });
    const span = await app.spans.one('process refused');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toMatchObject({
      'code.function.name': 'ChatGateway.refused',
      'error.type': 'WsException',
      'nestjs.handler.reached': false,
    });
    expect(span.events.map(({ attributes }) => attributes?.['exception.message'])).toEqual([
      'Forbidden resource',
    ]);
  });

  it('WS5 a WsException is expected, any other exception an error, recorded raw, once', async () => {
    expect(await client.ask('exception', 1, 'exception')).toMatchObject({
      message: 'no such room',
    });
    const expected = await app.spans.one('process exception');
    expect(expected.status.code).toBe(SpanStatusCode.UNSET);
    expect(expected.attributes).toMatchObject({ 'error.type': 'WsException' });
    expect(expected.attributes).not.toHaveProperty('nestjs.handler.reached');
    expect(expected.events).toHaveLength(1);
    for (const event of ['broken', 'broken intercepted', 'broken stream']) {
      expect(await client.ask(event, 1, 'exception')).toMatchObject({
        message: 'Internal server error',
      });
      const span = await app.spans.one(`process ${event}`);
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'broken' });
      expect(span.attributes).toMatchObject({ 'error.type': 'RangeError' });
      expect(span.events).toHaveLength(1);
    }
  });

  it('WS5 a pipe that throws, a filter that runs inside, a filter that throws', async () => {
    await client.ask('bad', 1, 'exception');
    const bad = await app.spans.one('process bad');
    expect(bad.status.code).toBe(SpanStatusCode.UNSET);
    expect(bad.attributes).toMatchObject({
      'error.type': 'BadRequestException',
      'nestjs.handler.reached': false,
    });
    client.send('filtered');
    await inside('filter', 'process filtered');
    const filtered = await app.spans.one('process filtered');
    expect(filtered.status).toEqual({ code: SpanStatusCode.ERROR, message: 'broken' });
    client.send('filter throws');
    const span = await app.spans.one('process filter throws');
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'filter broke' });
    expect(span.events).toHaveLength(2);
    expect(await client.ask('echo', 'still there', 'echoed')).toBe('still there');
    await app.spans.one('process echo');
  });

  it('WS1 200 messages at once on ten connections mix no parents', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => app.connect()));
    await Promise.all(
      clients.map(async (one) => {
        for (let n = 0; n < 20; n += 1) one.send('intercepted', n);
        await one.until('said', 20);
      }),
    );
    const messages = await app.spans.many('process intercepted', 200);
    for (const name of ['guard', 'before', 'handler', 'later', 'after']) {
      const parents = app.spans.named(name).map((span) => span.parentSpanContext?.spanId);
      expect(new Set(parents).size).toBe(200);
      const all = new Set(messages.map((span) => span.spanContext().spanId));
      expect(parents.filter((id) => !all.has(id ?? ''))).toEqual([]);
    }
    for (const one of clients) one.close();
  });
});
