import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { WsResponse } from '@nestjs/websockets';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { Observable, finalize, interval, map } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { isChild } from '../http/support/kept-spans.js';
import { KINDS, SocketApp } from './support/socket-app.js';

interface AnySocket {
  on(event: string, listener: (...args: unknown[]) => void): void;
  onAny?(listener: (...args: unknown[]) => void): void;
  disconnect?(): void;
  close?(): void;
}

const linkedSpans = (span: { links: { context: { spanId: string } }[] }): string[] =>
  span.links.map(({ context: { spanId } }) => spanId);

const CALLER = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
const headers = { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01`, baggage: 'user=42' };

const byHand: (string | undefined)[] = [];
const ticked = { count: 0, finalized: 0 };

@WebSocketGateway()
class RoomGateway {
  constructor(private readonly tracing: TracingService) {}

  afterInit(): void {
    this.tracing.span('prepare', () => undefined);
  }

  async handleConnection(client: AnySocket): Promise<void> {
    client.on('by hand', () => byHand.push(trace.getActiveSpan()?.spanContext().spanId));
    client.onAny?.(() => byHand.push(trace.getActiveSpan()?.spanContext().spanId));
    await this.tracing.span('authenticate', async () => new Promise(setImmediate));
  }

  handleDisconnect(): void {
    this.tracing.span('forget', () => undefined);
  }

  @SubscribeMessage('echo')
  echo(@MessageBody() data: unknown): WsResponse {
    return { event: 'echoed', data };
  }

  @SubscribeMessage('ticks')
  ticks(): Observable<WsResponse> {
    return interval(2).pipe(
      map((data) => ({ event: 'tick', data })),
      finalize(() => {
        ticked.finalized += 1;
        this.tracing.span('stop ticking', () => undefined);
      }),
    );
  }

  @SubscribeMessage('leave me')
  leave(@ConnectedSocket() client: AnySocket): void {
    if (client.disconnect === undefined) client.close?.();
    else client.disconnect();
  }

  @SubscribeMessage('slow')
  async slow(): Promise<WsResponse> {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { event: 'slow', data: 1 };
  }

  @SubscribeMessage('late stream')
  async lateStream(): Promise<Observable<WsResponse>> {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return interval(2).pipe(map((data) => ({ event: 'tick', data })));
  }
}

@WebSocketGateway()
class BareGateway {
  @SubscribeMessage('bare')
  bare(@MessageBody() data: unknown): WsResponse {
    return { event: 'bared', data };
  }
}

@WebSocketGateway()
class RefusingGateway {
  handleConnection(@ConnectedSocket() _client: unknown): never {
    throw new RangeError('no room');
  }
}

describe.each(KINDS)('connections to gateways, over %s', (kind) => {
  let app: SocketApp;
  let initSpans: string[];
  beforeAll(async () => {
    // As an application that traces its own start would do it.
    const bootstrap = trace.getTracer('app').startSpan('bootstrap');
    app = await context.with(trace.setSpan(context.active(), bootstrap), () =>
      SocketApp.start(kind, { module: { providers: [RoomGateway, BareGateway] } }),
    );
    bootstrap.end();
    initSpans = app.spans.finished.map(({ name }) => name);
  });
  afterEach(async () => {
    await app.spans.noneOpen();
    app.spans.reset();
    byHand.length = 0;
  });
  afterAll(() => app.close());

  it('WS7 what a gateway is told of has short spans of their own, roots', async () => {
    expect(initSpans).toEqual(['prepare', 'init RoomGateway']);
    const client = await app.connect({ headers: { 'user-agent': 'spec' } });
    const connect = await app.spans.one('connect RoomGateway');
    expect(connect.kind).toBe(SpanKind.SERVER);
    expect(connect.parentSpanContext).toBeUndefined();
    expect(connect.links).toEqual([]);
    expect(connect.attributes).toMatchObject({
      'code.function.name': 'RoomGateway.handleConnection',
      'nestjs.transport': kind,
      'network.peer.address': '127.0.0.1',
      'network.protocol.name': 'websocket',
      'user_agent.original': 'spec',
    });
    expect(isChild(await app.spans.one('authenticate'), connect)).toBe(true);
    client.close();
    const disconnect = await app.spans.one('disconnect RoomGateway');
    expect(disconnect.kind).toBe(SpanKind.INTERNAL);
    expect(disconnect.parentSpanContext).toBeUndefined();
    expect(linkedSpans(disconnect)).toEqual([connect.spanContext().spanId]);
    expect(disconnect.attributes['nestjs.websocket.disconnect.reason']).toBe(
      kind === 'ws' ? '1006' : 'client namespace disconnect',
    );
    expect(isChild(await app.spans.one('forget'), disconnect)).toBe(true);
    expect(app.spans.finished.filter(({ name }) => name.startsWith('connect'))).toHaveLength(1);
  });

  it('WS9 a message links to its connection and to the handshake, and continues neither', async () => {
    const client = await app.connect({ headers });
    await client.ask('echo', 1, 'echoed');
    await client.ask('bare', 1, 'bared');
    const connect = await app.spans.one('connect RoomGateway');
    expect(linkedSpans(connect)).toEqual([CALLER.spanId]);
    expect(connect.spanContext().traceId).not.toBe(CALLER.traceId);
    for (const name of ['process echo', 'process bare']) {
      const message = await app.spans.one(name);
      expect(linkedSpans(message)).toEqual([connect.spanContext().spanId, CALLER.spanId]);
      expect(message.parentSpanContext).toBeUndefined();
      const { traceId } = message.spanContext();
      expect([CALLER.traceId, connect.spanContext().traceId]).not.toContain(traceId);
    }
    client.close();
    await app.spans.one('disconnect RoomGateway');
  });

  it('WS9 a malformed handshake links to nothing', async () => {
    const client = await app.connect({ headers: { traceparent: '00-zz-1-01' } });
    await client.ask('echo', 1, 'echoed');
    const connect = await app.spans.one('connect RoomGateway');
    expect(linkedSpans(await app.spans.one('process echo'))).toEqual([
      connect.spanContext().spanId,
    ]);
    client.close();
    await app.spans.one('disconnect RoomGateway');
  });

  it('WS4 listeners that are added by hand work as before, in no span of ours', async () => {
    const client = await app.connect();
    client.send('by hand', 1);
    await client.ask('echo', 1, 'echoed');
    if (kind === 'socket.io') expect(byHand).toEqual([undefined, undefined, undefined]);
    client.close();
    await app.spans.one('disconnect RoomGateway');
    expect(app.spans.named('process by hand')).toEqual([]);
  });

  it('WS8 a stream ends when its client leaves, and its source with it, inside the span', async () => {
    const before = ticked.finalized;
    const client = await app.connect();
    client.send('ticks');
    await client.until('tick', 3);
    expect(app.spans.named('process ticks')).toEqual([]);
    client.close();
    const span = await app.spans.one('process ticks');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toMatchObject({
      'async.task.outcome': 'cancelled',
      'async.task.cancel.reason': 'the client has disconnected',
    });
    expect(ticked.finalized).toBe(before + 1);
    expect(isChild(await app.spans.one('stop ticking'), span)).toBe(true);
    await app.spans.one('disconnect RoomGateway');
  });

  it('WS8 a stream that the server cuts off says so', async () => {
    const client = await app.connect();
    client.send('ticks');
    await client.until('tick', 1);
    client.send('leave me');
    const span = await app.spans.one('process ticks');
    expect(span.attributes).toMatchObject({
      'async.task.outcome': 'cancelled',
      // A close frame of ws says nothing of who has asked for it.
      'async.task.cancel.reason':
        kind === 'ws' ? 'the client has disconnected' : 'the server has disconnected the client',
    });
    await app.spans.one('disconnect RoomGateway');
  });

  it('WS8 a client that vanishes before its answer leaves no span open', async () => {
    const client = await app.connect();
    client.send('slow');
    client.send('late stream');
    await vi.waitFor(() => expect(app.spans.open.size).toBe(2));
    client.close();
    const slow = await app.spans.one('process slow');
    expect(slow.attributes).not.toHaveProperty('async.task.outcome');
    const stream = await app.spans.one('process late stream');
    expect(stream.attributes['async.task.outcome']).toBe('cancelled');
    await app.spans.one('disconnect RoomGateway');
  });
});

describe('connections to a gateway that asks for nothing, or refuses', () => {
  it.each(KINDS)(
    'WS9 one that nobody asked to be told of has a span as well, over %s',
    async (kind) => {
      const app = await SocketApp.start(kind, { module: { providers: [BareGateway] } });
      const client = await app.connect();
      await client.ask('bare', 1, 'bared');
      const connect = await app.spans.one('connect BareGateway');
      expect(connect.attributes).not.toHaveProperty('code.function.name');
      expect(linkedSpans(await app.spans.one('process bare'))).toEqual([
        connect.spanContext().spanId,
      ]);
      await app.close();
      expect(app.spans.finished).toHaveLength(2);
    },
  );

  it.each(KINDS)(
    'WS8 a stream that the close of the application ends says so, over %s',
    async (kind) => {
      const app = await SocketApp.start(kind, { module: { providers: [RoomGateway] } });
      const client = await app.connect();
      client.send('ticks');
      await client.until('tick', 1);
      await app.app.close();
      const span = await app.spans.one('process ticks');
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes).toMatchObject({
        'async.task.outcome': 'cancelled',
        'async.task.cancel.reason': 'the application has closed',
      });
      await app.close();
    },
  );

  it('WS7 with lifecycle: false there are spans of messages alone', async () => {
    const tracing = { websockets: { lifecycle: false } };
    const module = { providers: [RoomGateway, BareGateway] };
    const app = await SocketApp.start('socket.io', { module, tracing });
    const client = await app.connect({ headers });
    await client.ask('bare', 1, 'bared');
    const message = await app.spans.one('process bare');
    expect(linkedSpans(message)).toEqual([CALLER.spanId]);
    await app.close();
    const names = app.spans.finished.map(({ name }) => name).toSorted();
    expect(names).toEqual(['authenticate', 'forget', 'prepare', 'process bare']);
    for (const span of app.spans.finished) expect(span.parentSpanContext).toBeUndefined();
  });

  it('WS7 a gateway that throws at a connection is an error, and nothing is hidden', async () => {
    const module = { providers: [RefusingGateway] };
    const app = await SocketApp.start('socket.io', { module });
    const thrown = new Promise((resolve) => {
      process.prependOnceListener('uncaughtException', resolve);
    });
    const others = process.listeners('uncaughtException');
    const removed = others.slice(1);
    for (const listener of removed) process.off('uncaughtException', listener);
    const client = await app.connect();
    expect(await thrown).toMatchObject({ message: 'no room' });
    for (const listener of removed) process.on('uncaughtException', listener);
    const connect = await app.spans.one('connect RefusingGateway');
    expect(connect.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no room' });
    expect(connect.events).toHaveLength(1);
    client.close();
    await app.close();
  });
});
