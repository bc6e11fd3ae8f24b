import {
  Ack,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import type { WsResponse } from '@nestjs/websockets';
import { SpanKind, trace } from '@opentelemetry/api';
import { ParentBasedSampler } from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { NEVER, Observable, from, map, merge, of } from 'rxjs';
import type { Server, Socket } from 'socket.io';
import { describe, expect, it, vi } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { isChild } from '../http/support/kept-spans.js';
import { KINDS, SocketApp } from './support/socket-app.js';

@WebSocketGateway()
class DrawingGateway {
  constructor(private readonly tracing: TracingService) {}

  @SubscribeMessage('cursor')
  cursor(@MessageBody() data: unknown): Observable<WsResponse> {
    this.tracing.span('move', () => undefined);
    return of(data).pipe(
      map((value) => {
        this.tracing.span('moved', () => undefined);
        return { event: 'moved', data: value };
      }),
    );
  }

  @SubscribeMessage('line')
  line(@MessageBody() data: unknown): WsResponse {
    this.tracing.span('draw', () => undefined);
    return { event: 'drawn', data };
  }
}

describe.each(KINDS)('what is ignored or sampled out, over %s', (kind) => {
  const module = { providers: [DrawingGateway] };

  it.each([['cursor'], [/^cur/]])('WS11 %s is ignored, its whole work included', async (rule) => {
    const tracing = { websockets: { ignore: [rule] } };
    const app = await SocketApp.start(kind, { module, tracing });
    const client = await app.connect();
    expect(await client.ask('cursor', 1, 'moved')).toBe(1);
    expect(await client.ask('line', 2, 'drawn')).toBe(2);
    await app.close();
    const names = app.spans.finished.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['connect DrawingGateway', 'draw', 'process line']);
  });

  it('WS11 a sampler sees the event and drops the message with all of its work', async () => {
    const root: Sampler = {
      shouldSample: (_, __, name, ___, attributes) => ({
        decision:
          attributes['messaging.destination.name'] === 'cursor' && name === 'process cursor'
            ? 0
            : 2,
      }),
      toString: () => 'no cursors',
    };
    const sampler = new ParentBasedSampler({ root });
    const tracing = { sampler };
    const app = await SocketApp.start(kind, { module, tracing });
    const client = await app.connect();
    expect(await client.ask('cursor', 1, 'moved')).toBe(1);
    await client.ask('line', 2, 'drawn');
    await app.close();
    const names = app.spans.finished.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['connect DrawingGateway', 'draw', 'process line']);
  });

  it('WS11 with a ratio of 0 there is nothing, and everything works', async () => {
    const app = await SocketApp.start(kind, { module, tracing: { sampler: { ratio: 0 } } });
    const client = await app.connect();
    expect(await client.ask('cursor', 1, 'moved')).toBe(1);
    await app.close();
    expect(app.spans.finished).toEqual([]);
  });
});

const late: (() => void)[] = [];

@WebSocketGateway()
class AckGateway {
  @SubscribeMessage('returned')
  returned(@MessageBody() data: unknown): unknown {
    return { data };
  }

  @SubscribeMessage('manual')
  manual(@MessageBody() data: unknown, @Ack() ack: (answer: unknown) => void): void {
    ack({ data });
  }

  @SubscribeMessage('late')
  late(@MessageBody() data: unknown, @Ack() ack: (answer: unknown) => void): void {
    late.push(() => ack({ data }));
  }

  @SubscribeMessage('stream')
  stream(): Observable<unknown> {
    return from([{ data: 1 }, { data: 2 }]);
  }

  @SubscribeMessage('both')
  both(@MessageBody() data: unknown): WsResponse {
    return { event: 'pushed', data };
  }
}

describe('acknowledgements', () => {
  it('WS10 are what they were, and a late one is no error', async () => {
    const app = await SocketApp.start('socket.io', { module: { providers: [AckGateway] } });
    const client = await app.connect();
    expect(await client.ask('returned', 1)).toEqual({ data: 1 });
    expect(await client.ask('manual', 2)).toEqual({ data: 2 });
    expect(await client.ask('stream', 3)).toEqual({ data: 1 });
    expect(await client.ask('both', 4, 'pushed')).toBe(4);
    const answer = client.ask('late', 5);
    const span = await app.spans.one('process late');
    await vi.waitFor(() => expect(late).toHaveLength(1));
    late[0]!();
    expect(await answer).toEqual({ data: 5 });
    expect(span.events).toEqual([]);
    await app.close();
    expect(app.spans.finished.map(({ status }) => status.code)).toEqual(Array(6).fill(0));
    expect(app.logger.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});

@WebSocketGateway({ namespace: 'news' })
class NewsGateway {
  @WebSocketServer() server!: Server;

  handleConnection(client: Socket): void {
    void client.join('readers');
  }

  @SubscribeMessage('publish')
  publish(@MessageBody() text: string): { done: boolean } {
    this.server.emit('all', text);
    this.server.to('readers').emit('room', text);
    return { done: true };
  }

  @SubscribeMessage('others')
  others(@MessageBody() text: string): { done: boolean } {
    const [socket] = this.server.sockets as unknown as Map<string, Socket>;
    socket?.[1].broadcast.emit('other', text);
    return { done: true };
  }
}

describe('broadcasts', () => {
  const module = { providers: [NewsGateway] };

  it('WS14 have one PRODUCER span each, by option', async () => {
    const tracing = { websockets: { broadcasts: true, ignore: ['tick'] } };
    const app = await SocketApp.start('socket.io', { module, tracing });
    const clients = await Promise.all([1, 2].map(() => app.connect({ namespace: '/news' })));
    const [client] = clients;
    expect(await client!.ask('publish', 'hello')).toEqual({ done: true });
    for (const one of clients) {
      expect(await one.until('all', 1)).toEqual(['hello']);
      expect(await one.until('room', 1)).toEqual(['hello']);
    }
    const publish = await app.spans.one('process publish');
    for (const name of ['send all', 'send room']) {
      const send = await app.spans.one(name);
      expect(send.kind).toBe(SpanKind.PRODUCER);
      expect(isChild(send, publish)).toBe(true);
      expect(send.attributes).toEqual({
        'messaging.destination.name': name.slice(5),
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.system': 'socket.io',
        'nestjs.transport': 'socket.io',
        'nestjs.websocket.namespace': '/news',
      });
    }
    await client!.ask('others', 'hi');
    await app.spans.one('send other');
    const { server } = app.app.get(NewsGateway);
    server.emit('tick', 1);
    server.emit('alone', 1);
    const alone = await app.spans.one('send alone');
    expect(alone.parentSpanContext).toBeUndefined();
    expect(app.spans.named('send tick')).toEqual([]);
    const { adapter } = server as unknown as { adapter: object };
    expect(Object.hasOwn(adapter, 'broadcast')).toBe(true);
    await app.close();
    expect(Object.hasOwn(adapter, 'broadcast')).toBe(false);
  });

  it('WS14 have none by default', async () => {
    const app = await SocketApp.start('socket.io', { module });
    const client = await app.connect({ namespace: '/news' });
    await client.ask('publish', 'hello');
    await app.spans.one('process publish');
    await app.close();
    expect(app.spans.finished.filter(({ kind }) => kind === SpanKind.PRODUCER)).toEqual([]);
  });
});

@WebSocketGateway()
class EndlessGateway {
  @SubscribeMessage('endless')
  endless(): Promise<never> {
    return new Promise(() => undefined);
  }

  @SubscribeMessage('endless stream')
  endlessStream(): Observable<unknown> {
    return merge(NEVER, of({ event: 'begun', data: 1 }));
  }

  @SubscribeMessage('slow')
  async slow(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 150));
    trace.getTracer('app').startSpan('saved').end();
  }
}

describe.each(KINDS)('an application that closes, over %s', (kind) => {
  it('WS7 waits for handlers that run, and ends what never would', async () => {
    const app = await SocketApp.start(kind, {
      module: { providers: [EndlessGateway] },
      tracing: { shutdownTimeoutMillis: 1_500 },
    });
    const client = await app.connect();
    client.send('endless stream');
    await client.until('begun', 1);
    client.send('endless');
    client.send('slow');
    await vi.waitFor(() => expect(app.spans.open.size).toBe(3));
    const start = performance.now();
    await app.app.close();
    expect(performance.now() - start).toBeGreaterThan(100);
    expect(app.spans.open.size).toBe(0);
    const [endless] = app.spans.named('process endless');
    expect(endless?.attributes).toMatchObject({ 'async.task.outcome': 'abandoned' });
    expect(endless?.status.code).toBe(2);
    const [stream] = app.spans.named('process endless stream');
    expect(stream?.attributes).toMatchObject({ 'async.task.outcome': 'cancelled' });
    const [slow] = app.spans.named('process slow');
    expect(slow?.status.code).toBe(0);
    expect(app.spans.named('saved').map((span) => isChild(span, slow!))).toEqual([true]);
    const warnings = app.logger.lines.filter((line) => line.includes('"process endless"'));
    expect(warnings).toHaveLength(1);
  });
});
