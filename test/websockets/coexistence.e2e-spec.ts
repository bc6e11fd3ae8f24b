import type { INestApplication, WebSocketAdapter } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import {
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import type { WsResponse } from '@nestjs/websockets';
import { SpanKind, trace } from '@opentelemetry/api';
import type { Server } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { SocketApp } from './support/socket-app.js';

@WebSocketGateway()
class NewsGateway {
  @WebSocketServer() server!: Server;

  @SubscribeMessage('publish')
  publish(@MessageBody() data: unknown): WsResponse {
    const kind = SpanKind.PRODUCER;
    other('send /', kind, () => this.server.emit('news', data));
    return { event: 'published', data };
  }
}

/** What OpenTelemetry's instrumentation of socket.io leaves active around a message, either way. */
function other<T>(name: string, kind: SpanKind, work: () => T): T {
  const attributes = { 'messaging.system': 'socket.io' };
  return trace.getTracer('other').startActiveSpan(name, { kind, attributes }, (span) => {
    try {
      return work();
    } finally {
      span.end();
    }
  });
}

class InstrumentedAdapter extends IoAdapter {
  override bindMessageHandlers(...args: Parameters<IoAdapter['bindMessageHandlers']>): void {
    const [socket, handlers, transform] = args;
    const seen = handlers.map((handler) => ({
      ...handler,
      callback: (data: unknown, ack: unknown) =>
        other('receive /', SpanKind.CONSUMER, () => handler.callback(data, ack)),
    }));
    super.bindMessageHandlers(socket, seen, transform);
  }
}

describe('another instrumentation of socket.io', () => {
  it('WS1 WS14 beside ours leaves one span for each message, and that is said once', async () => {
    const app = await SocketApp.start('socket.io', {
      module: { providers: [NewsGateway] },
      tracing: { websockets: { broadcasts: true } },
      adapter: (nest: INestApplication): WebSocketAdapter => new InstrumentedAdapter(nest),
    });
    const client = await app.connect();
    for (const n of [1, 2]) expect(await client.ask('publish', n, 'published')).toBe(n);
    await app.spans.many('receive /', 2);
    await app.close();
    const names = app.spans.finished.map(({ name }) => name).toSorted();
    expect(names).toEqual(['connect NewsGateway', 'receive /', 'receive /', 'send /', 'send /']);
    const said = app.logger.lines.filter((line) => line.includes('Another instrumentation'));
    expect(said).toHaveLength(1);
  });
});
