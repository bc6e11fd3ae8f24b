import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it } from 'vitest';
import { KINDS, SocketApp } from './support/socket-app.js';

@WebSocketGateway()
class Echo {
  @SubscribeMessage('echo')
  echo() {
    return { event: 'echoed', data: 1 };
  }
}

const PLATFORMS = {
  express: () => new ExpressAdapter(),
  fastify: () => new FastifyAdapter(),
} as const;

describe.each(KINDS)(
  'H1 the request that a connection to a gateway begins with, over %s',
  (kind) => {
    it.each(Object.entries(PLATFORMS))(
      'has no span as long as the connection, on %s',
      async (_, on) => {
        const module = { providers: [Echo] };
        const tracing = { http: { outgoing: false } };
        const app = await SocketApp.start(kind, { module, tracing, platform: on() });
        const client = await app.connect();
        expect(await client.ask('echo', 1, 'echoed')).toBe(1);
        await app.spans.one('process echo');
        await app.spans.noneOpen();
        await app.close();
      },
    );
  },
);
