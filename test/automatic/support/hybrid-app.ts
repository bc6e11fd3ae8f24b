import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { lastValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { freePort } from '../../support/free-port.js';

export const ADAPTERS = {
  express: () => new ExpressAdapter(),
  fastify: () => new FastifyAdapter(),
};

/** Spans of the clients that ask are left out. */
export const SERVERS_ONLY = {
  http: { outgoing: false },
  microservices: { outgoing: false },
} as const;

/** An application that is entered by HTTP, TCP, socket.io and GraphQL. */
export class HybridApp {
  private constructor(
    private readonly app: INestApplication,
    private readonly port: number,
    readonly url: string,
  ) {}

  static async start(
    module: Type | DynamicModule,
    adapter: AbstractHttpAdapter,
  ): Promise<HybridApp> {
    const port = await freePort();
    const app = await NestFactory.create(module, adapter, { logger: false });
    const options = { transport: Transport.TCP, options: { port, host: '127.0.0.1' } } as const;
    app.connectMicroservice(options, { inheritAppConfig: true });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    return new HybridApp(app, port, await app.getUrl());
  }

  /** Sends a message over TCP. */
  async send(pattern: string, data: string): Promise<unknown> {
    const options = { port: this.port, host: '127.0.0.1' };
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    try {
      return await lastValueFrom<unknown>(client.send(pattern, data));
    } finally {
      client.close();
    }
  }

  /** Connects to the gateways. Whoever asks for it disconnects. */
  async connect(): Promise<Socket> {
    const socket = io(this.url, { transports: ['websocket'] });
    await new Promise<void>((resolve) => void socket.on('connect', resolve));
    return socket;
  }

  async graphql(query: string): Promise<unknown> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return response.json();
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
