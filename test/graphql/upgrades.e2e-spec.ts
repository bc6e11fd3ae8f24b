import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Query, Resolver, Subscription } from '@nestjs/graphql';
import { SpanKind } from '@opentelemetry/api';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { eventually } from '../support/eventually.js';
import { GraphqlApp } from './support/graphql-app.js';

@Resolver()
class Ticks {
  @Query(() => String)
  alive(): string {
    return 'yes';
  }

  @Subscription(() => String)
  async *ticks(): AsyncGenerator<unknown> {
    yield await Promise.resolve({ ticks: 'tick' });
  }
}

describe('H1 the request of an upgrade that Fastify routes', () => {
  const spans = recordSpans();
  const sockets = new Set<Socket>();
  let app: GraphqlApp;

  beforeAll(async () => {
    app = await GraphqlApp.start('mercurius on fastify', {
      providers: [Ticks],
      graphql: { subscription: true },
    });
    const server = app.app.getHttpServer() as Server;
    server.on('connection', (socket: Socket) => sockets.add(socket));
  });
  afterEach(() => spans.reset());
  afterAll(async () => {
    // A connection whose upgrade is refused with 404 is left open, and a close waits for it, traced or not.
    for (const socket of sockets) socket.destroy();
    await app.close();
    await spans.stop();
  });

  /** Asks for an upgrade by hand. */
  async function ask(path: string, headers: Record<string, string>): Promise<IncomingMessage> {
    const asked = request(new URL(path, app.url), {
      agent: false,
      headers: { connection: 'upgrade', upgrade: 'websocket', ...headers },
    });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    return response;
  }

  it('ends when it is answered, however long the connection lasts', async () => {
    const socket = new WebSocket(app.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    await eventually(() => expect(spans.named('GET /graphql')).toHaveLength(1));
    expect(spans.one('GET /graphql')).toMatchObject({
      kind: SpanKind.SERVER,
      attributes: { 'http.response.status_code': 101, 'http.route': '/graphql' },
    });
    expect(spans.one('GET /graphql').attributes).not.toHaveProperty('error.type');
    spans.assertNoOpenSpans();
    socket.terminate();
    await once(socket, 'close');
    expect(spans.named('GET /graphql')).toHaveLength(1);
  });

  it('ends with the status by which it is refused, whoever refuses it', async () => {
    expect((await ask('/graphql', { 'sec-websocket-version': '1' })).statusCode).toBe(400);
    await eventually(() => expect(spans.finished).toHaveLength(1));
    expect(spans.finished[0]?.attributes['http.response.status_code']).toBe(400);
    expect(spans.finished[0]?.attributes).not.toHaveProperty('async.http.client_disconnected');
    spans.reset();
    expect((await ask('/nothing', {})).statusCode).toBe(404);
    await eventually(() => expect(spans.finished).toHaveLength(1));
    expect(spans.finished[0]?.attributes['http.response.status_code']).toBe(404);
  });

  it('of another protocol, which is not spoken here, is a request like any other', async () => {
    for (const _ of [1, 2]) {
      expect((await ask('/nothing', { upgrade: 'h2c' })).statusCode).toBe(404);
    }
    await eventually(() => expect(spans.finished).toHaveLength(2));
    spans.assertNoOpenSpans();
  });
});
