import { Catch, Inject, Injectable, Scope, UseFilters } from '@nestjs/common';
import type { INestApplication, WebSocketAdapter } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { WsResponse } from '@nestjs/websockets';
import { trace } from '@opentelemetry/api';
import { EMPTY, fromEvent, mergeMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { tracedAdapter } from 'nestjs-tracing';
import { isChild } from '../http/support/kept-spans.js';
import { freePort } from '../support/free-port.js';
import { SocketApp, connectIo } from './support/socket-app.js';
import type { SocketAppOptions } from './support/socket-app.js';

async function withApp(
  kind: 'socket.io' | 'ws',
  options: SocketAppOptions,
  use: (app: SocketApp) => Promise<void>,
): Promise<void> {
  const app = await SocketApp.start(kind, options);
  try {
    await use(app);
    await app.spans.noneOpen();
  } finally {
    await app.close();
  }
}

abstract class SharedGateway {
  @SubscribeMessage('shared')
  shared(@MessageBody() data: unknown): unknown {
    return { data };
  }
}

@WebSocketGateway({ namespace: 'first' })
class FirstGateway extends SharedGateway {}

@WebSocketGateway({ namespace: '/second' })
class SecondGateway extends SharedGateway {}

@WebSocketGateway({ namespace: /^\/tenant-\d+$/ })
class TenantGateway {
  @SubscribeMessage('tenant')
  tenant(@MessageBody() data: unknown): unknown {
    return { data };
  }
}

@WebSocketGateway()
class EchoGateway {
  @SubscribeMessage('echo')
  echo(@MessageBody() data: unknown): WsResponse {
    return { event: 'echoed', data };
  }
}

describe('gateways of namespaces, ports and servers', () => {
  it('WS1 WS2 WS6 several namespaces: names hold the event alone, attributes tell them apart', () =>
    withApp(
      'socket.io',
      { module: { providers: [FirstGateway, SecondGateway, TenantGateway] } },
      async (app) => {
        const first = await app.connect({ namespace: '/first' });
        const second = await app.connect({ namespace: '/second', transports: ['polling'] });
        const tenant = await app.connect({ namespace: '/tenant-42' });
        expect(await first.ask('shared', 1)).toEqual({ data: 1 });
        expect(await second.ask('shared', 2)).toEqual({ data: 2 });
        expect(await tenant.ask('tenant', 3)).toEqual({ data: 3 });
        const shared = await app.spans.many('process shared', 2);
        expect(shared.map(({ attributes }) => attributes)).toMatchObject([
          {
            'code.function.name': 'FirstGateway.shared',
            'nestjs.websocket.namespace': '/first',
            'network.protocol.name': 'websocket',
          },
          {
            'code.function.name': 'SecondGateway.shared',
            'nestjs.websocket.namespace': '/second',
            'network.protocol.name': 'http',
          },
        ]);
        const { attributes } = await app.spans.one('process tenant');
        expect(attributes['nestjs.websocket.namespace']).toBe('/tenant-42');
        const names = app.spans.finished.map(({ name }) => name).toSorted();
        expect(names).toEqual([
          'connect FirstGateway',
          'connect SecondGateway',
          'connect TenantGateway',
          'process shared',
          'process shared',
          'process tenant',
        ]);
      },
    ));

  it('WS1 a gateway on a port of its own, in a hybrid application', async () => {
    const port = await freePort();
    @WebSocketGateway(port)
    class PortGateway {
      @SubscribeMessage('port')
      port(@MessageBody() data: unknown): unknown {
        return { data };
      }
    }
    const prepare = (nest: INestApplication): void => {
      nest.connectMicroservice({ transport: Transport.TCP, options: { port: 0 } });
    };
    const module = { providers: [PortGateway, EchoGateway] };
    await withApp('socket.io', { module, prepare }, async (app) => {
      const client = await app.connect({ port });
      expect(await client.ask('port', 1)).toEqual({ data: 1 });
      const other = await app.connect();
      expect(await other.ask('echo', 2, 'echoed')).toBe(2);
      await app.spans.one('process port');
      await app.spans.one('process echo');
    });
  });

  it('WS13 gateways that are made for each message, or are injected what is', async () => {
    const made: unknown[] = [];
    @Injectable({ scope: Scope.REQUEST })
    class Visitor {
      constructor(@Inject(REQUEST) readonly client: object) {
        made.push(trace.getActiveSpan()?.spanContext().spanId);
      }
    }
    @WebSocketGateway()
    class ScopedGateway {
      constructor(@Inject(Visitor) private readonly visitor: Visitor) {}

      handleConnection(): void {
        trace.getTracer('app').startSpan('greet').end();
      }

      @SubscribeMessage('scoped')
      scoped(): unknown {
        trace.getTracer('app').startSpan('work').end();
        return { known: typeof this.visitor.client };
      }
    }
    await withApp('socket.io', { module: { providers: [Visitor, ScopedGateway] } }, async (app) => {
      const client = await app.connect();
      expect(await client.ask('scoped', 1)).toEqual({ known: 'object' });
      const message = await app.spans.one('process scoped');
      expect(message.attributes['code.function.name']).toBe('ScopedGateway.scoped');
      expect(isChild(await app.spans.one('work'), message)).toBe(true);
      const connect = await app.spans.one('connect ScopedGateway');
      expect(isChild(await app.spans.one('greet'), connect)).toBe(true);
    });
    expect(made.length).toBeGreaterThan(0);
  });

  it('WS13 a gateway whose making for a message throws: the span says it, and ends', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Broken {
      constructor() {
        throw new RangeError('not today');
      }
    }
    @Catch()
    class Quiet {
      catch(): void {}
    }
    @WebSocketGateway()
    class BrokenGateway {
      constructor(@Inject(Broken) readonly broken: Broken) {}

      // Nest makes one for a connection too; its own filter would send the socket to itself.
      @UseFilters(Quiet)
      handleConnection(): void {}

      @UseFilters(Quiet)
      handleDisconnect(): void {}

      @SubscribeMessage('scoped')
      scoped(): string {
        return 'never';
      }
    }
    await withApp('socket.io', { module: { providers: [Broken, BrokenGateway] } }, async (app) => {
      const client = await app.connect();
      await client.ask('scoped', 1, 'exception');
      const message = await app.spans.one('process scoped');
      expect(message.status).toMatchObject({ message: 'not today' });
      expect(message.attributes).toMatchObject({ 'nestjs.handler.reached': false });
    });
  });
});

interface Handler {
  readonly message: string;
  readonly callback: (data: unknown) => unknown;
}

interface PlainSocket {
  on(event: string, listener: (raw: Buffer) => void): void;
  send(text: string): void;
}

/** An adapter of one's own: it awaits what handlers return, and has no other hooks. */
class LineAdapter extends WsAdapter {
  override bindMessageHandlers(
    client: PlainSocket,
    handlers: Handler[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    fromEvent(client as never, 'message')
      .pipe(
        mergeMap((event) => {
          const { data } = event as { data: Buffer };
          const { event: name, data: sent } = JSON.parse(String(data)) as {
            event: string;
            data: unknown;
          };
          const handler = handlers.find(({ message }) => message === name);
          return handler === undefined ? EMPTY : transform(handler.callback(sent));
        }),
      )
      .subscribe((answer) => client.send(JSON.stringify(answer)));
  }
}

/** Not even one of Nest's. */
class OddAdapter {
  readonly #inner: IoAdapter;
  bindClientDisconnect = undefined;

  constructor(app: INestApplication) {
    this.#inner = new IoAdapter(app);
  }

  create(port: number, options?: object): unknown {
    return this.#inner.create(port, options as never);
  }

  bindClientConnect(server: never, callback: never): void {
    this.#inner.bindClientConnect(server, callback);
  }

  bindMessageHandlers = (client: never, handlers: never, transform: never): void => {
    this.#inner.bindMessageHandlers(client, handlers, transform);
  };

  async close(server: never): Promise<void> {
    await this.#inner.close(server);
  }

  async dispose(): Promise<void> {
    await this.#inner.dispose();
  }
}

const OWN = ['create', 'bindClientConnect', 'bindClientDisconnect', 'bindMessageHandlers'] as const;

const ownMethods = (adapter: object): string[] =>
  OWN.filter((name) => Object.hasOwn(adapter, name));

describe('adapters', () => {
  const module = { providers: [EchoGateway] };

  const echoes = async (app: SocketApp): Promise<void> => {
    const client = await app.connect();
    expect(await client.ask('echo', 7, 'echoed')).toBe(7);
    await app.spans.one('process echo');
    await app.spans.one('connect EchoGateway');
  };

  it('WS1 an adapter of one’s own, and one that extends none of Nest’s', async () => {
    const line = (app: INestApplication): WebSocketAdapter => new LineAdapter(app) as never;
    await withApp('ws', { module, adapter: line }, echoes);
    const odd = (app: INestApplication): WebSocketAdapter => new OddAdapter(app) as never;
    await withApp('socket.io', { module, adapter: odd }, echoes);
  });

  it('WS12 an adapter is found whenever it is set, and is its own again once the application closes', async () => {
    let adapter: WsAdapter | undefined;
    const app = await SocketApp.start('ws', {
      module,
      adapter: (nest) => (adapter = new WsAdapter(nest)),
    });
    await echoes(app);
    expect(ownMethods(adapter!)).toEqual([...OWN]);
    await app.close();
    expect(ownMethods(adapter!)).toEqual([]);
    expect(Object.hasOwn(EchoGateway.prototype, 'handleConnection')).toBe(false);
  });

  it('WS12 methods of the adapter’s own are put back as they were', async () => {
    let adapter: OddAdapter | undefined;
    const app = await SocketApp.start('socket.io', {
      module,
      adapter: (nest) => (adapter = new OddAdapter(nest)) as never,
    });
    const { bindMessageHandlers } = adapter!;
    await app.close();
    expect(ownMethods(adapter!)).toEqual(['bindClientDisconnect', 'bindMessageHandlers']);
    expect(adapter!.bindMessageHandlers).not.toBe(bindMessageHandlers);
  });

  it('WS12 tracedAdapter() gives back the adapter it was given, and one span all the same', async () => {
    let given: WsAdapter | undefined;
    const adapter = (nest: INestApplication): WebSocketAdapter => {
      given = new WsAdapter(nest);
      expect(tracedAdapter(given)).toBe(given);
      expect(ownMethods(given)).toEqual([...OWN]);
      return tracedAdapter(given);
    };
    await withApp('ws', { module, adapter }, echoes);
    expect(ownMethods(given!)).toEqual([]);
    expect(tracedAdapter(given!)).toBe(given);
    expect(ownMethods(given!)).toEqual([]);
  });

  it('WS12 tracedAdapter() does without what it finds by itself', async () => {
    const hide = (app: INestApplication): WebSocketAdapter => {
      const own = app as unknown as { config: { getIoAdapter: unknown } };
      // As if the stand-in had never been there.
      Reflect.deleteProperty(own.config, 'getIoAdapter');
      return tracedAdapter(new WsAdapter(app));
    };
    await withApp('ws', { module, adapter: hide }, echoes);
  });

  it('WS12 two applications at once, with one class of gateways', async () => {
    const one = await SocketApp.start('ws', { module });
    const { apply } = EchoGateway.prototype.echo;
    const two = await SocketApp.start('socket.io', { module });
    // The second has found the SDK of the first, and uses it.
    const echo = async (app: SocketApp, count: number): Promise<void> => {
      const client = await app.connect();
      expect(await client.ask('echo', 7, 'echoed')).toBe(7);
      await one.spans.many('process echo', count);
      await one.spans.many('connect EchoGateway', count);
    };
    await echo(one, 1);
    await echo(two, 2);
    await two.close();
    await echo(one, 3);
    expect(EchoGateway.prototype.echo.apply).toBe(apply);
    await one.close();
    expect(Object.hasOwn(EchoGateway.prototype.echo, 'apply')).toBe(false);
  });

  it('WS1 nothing is put in where there is no gateway, or with websockets: false', async () => {
    for (const options of [
      { module: {} },
      { module, tracing: { websockets: false } },
    ] as SocketAppOptions[]) {
      let adapter: WsAdapter | undefined;
      const app = await SocketApp.start('ws', {
        ...options,
        adapter: (nest) => (adapter = new WsAdapter(nest)),
      });
      expect(ownMethods(adapter!)).toEqual([]);
      if (options.module.providers !== undefined) {
        const client = await app.connect();
        expect(await client.ask('echo', 1, 'echoed')).toBe(1);
      }
      await app.close();
      expect(app.spans.finished).toEqual([]);
    }
  });

  it('WS1 with no SDK nothing differs', async () => {
    const app = await SocketApp.start('ws', {
      module,
      tracing: { sdk: { autoDetectResources: false } },
    });
    await app.close();
    vi.stubEnv('OTEL_SDK_DISABLED', 'true');
    const off = await SocketApp.start('socket.io', { module });
    vi.unstubAllEnvs();
    const client = await connectIo(off.port, {});
    expect(await client.ask('echo', 1, 'echoed')).toBe(1);
    client.close();
    await off.close();
    expect(off.spans.finished).toEqual([]);
  });
});
