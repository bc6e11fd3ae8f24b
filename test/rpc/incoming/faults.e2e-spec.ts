import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Controller, Logger } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import { ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import type { ClientOptions, MicroserviceOptions } from '@nestjs/microservices';
import { SpanStatusCode } from '@opentelemetry/api';
import { catchError, filter, firstValueFrom, interval, of, take, timeout } from 'rxjs';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { describeWithService } from '../../support/services.js';
import { startRpcApp } from './support/rpc-app.js';
import type { TransportUnderTest } from './support/transports.js';
import { mqtt, nats, redis, rmq, tcp, uniqueRun } from './support/transports.js';

const spans = recordSpans();

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(() => spans.reset());

afterAll(() => spans.stop());

/** A way to a broker that can be cut, as when the broker restarts. */
class Cable {
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => {
    const far = connect(this.#port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => this.#sockets.delete(from));
      from.pipe(to);
    }
  });

  constructor(port: number) {
    this.#port = port;
  }

  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** How a server is told to reach its broker through another port, and to come back soon. */
const THROUGH = {
  redis: (port: number, run: string) => {
    const { options } = redis.server(run) as { options: object };
    return {
      transport: Transport.REDIS,
      options: { ...options, port, retryAttempts: 50, retryDelay: 20 },
    };
  },
  nats: (port: number) => ({
    transport: Transport.NATS,
    options: { servers: `127.0.0.1:${port}`, reconnectTimeWait: 20 },
  }),
  rmq: (port: number, run: string) => {
    const { options } = rmq.server(run) as { options: object };
    const urls = [`amqp://guest:guest@127.0.0.1:${port}`];
    const queueOptions = { durable: false, autoDelete: false, expires: 60_000 };
    const socketOptions = { reconnectTimeInSeconds: 0.02 };
    return { transport: Transport.RMQ, options: { ...options, urls, queueOptions, socketOptions } };
  },
  mqtt: (port: number) => ({
    transport: Transport.MQTT,
    options: { url: `mqtt://127.0.0.1:${port}`, reconnectPeriod: 20 },
  }),
} as const;

/** A client that reaches its broker as always. It must ask for the very queue that the server does. */
function clientOf(
  transport: TransportUnderTest,
  run: string,
  app: INestMicroservice,
  queue?: object,
) {
  if (queue === undefined) return transport.client(run, app);
  const { options } = rmq.server(run) as { options: object };
  return ClientProxyFactory.create({
    transport: Transport.RMQ,
    options: { ...options, queueOptions: queue },
  } as ClientOptions);
}

for (const transport of [redis, nats, rmq, mqtt]) {
  const { name, service, title } = transport;
  describeWithService(service!, `a connection to ${title} that is cut in the middle`, () => {
    it('M6 leaves each span with its end, and the next message with a span', async () => {
      const run = uniqueRun();
      const pattern = transport.subject(run, 'slow');
      let finish: () => void = () => undefined;
      @Controller()
      class Slow {
        @MessagePattern(pattern)
        async slow(@Payload() isSlow: boolean): Promise<string> {
          if (isSlow) await new Promise<void>((resolve) => (finish = resolve));
          return 'done';
        }
      }
      const cable = new Cable(service!.port);
      const port = await cable.open();
      const through = THROUGH[name as keyof typeof THROUGH](port, run) as MicroserviceOptions;
      const { options } = through as { options: { queueOptions?: object } };
      const cut: TransportUnderTest = {
        ...transport,
        server: () => through,
        client: (_, app) => clientOf(transport, run, app, options.queueOptions),
      };
      const { app, client, close } = await startRpcApp(cut, { controllers: [Slow], run });
      client.send(pattern, true).subscribe({ error: () => undefined });
      await vi.waitFor(() => expect(spans.open).toHaveLength(1));
      const isCut = firstValueFrom(app.status.pipe(filter((status) => status !== 'connected')));
      cable.cut();
      await isCut;
      finish();
      await vi.waitFor(() => expect(spans.named(pattern)).toHaveLength(1));
      expect(spans.one(pattern).status.code).toBe(SpanStatusCode.UNSET);
      await vi.waitFor(
        async () => {
          const reply = client.send(pattern, false).pipe(
            timeout(200),
            catchError(() => of('late')),
          );
          expect(await firstValueFrom(reply)).toBe('done');
        },
        { timeout: 10_000, interval: 50 },
      );
      await vi.waitFor(() => expect(spans.open).toEqual([]));
      expect(spans.named(pattern).length).toBeGreaterThan(1);
      await close();
      await cable.close();
    }, 20_000);
  });
}

describe('a client over TCP that is gone', () => {
  it('M6 M9 leaves a stream running to its end, as before, and the span with it', async () => {
    @Controller()
    class Ticks {
      @MessagePattern('ticks')
      ticks() {
        return interval(2).pipe(take(10));
      }
    }
    const { close, app } = await startRpcApp(tcp, { controllers: [Ticks] });
    const other = tcp.client('', app);
    await other.connect();
    await firstValueFrom(other.send('ticks', {}));
    await other.close();
    await vi.waitFor(() => expect(spans.named('ticks')).toHaveLength(1));
    expect(spans.one('ticks').status.code).toBe(SpanStatusCode.UNSET);
    await close();
  });
});
