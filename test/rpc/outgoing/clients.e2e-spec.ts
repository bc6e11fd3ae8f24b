import { Inject, Injectable, Module } from '@nestjs/common';
import type { NestApplicationOptions, OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Client,
  ClientProxy,
  ClientProxyFactory,
  ClientTCP,
  ClientsModule,
  Transport,
} from '@nestjs/microservices';
import { SpanKind, context, trace } from '@opentelemetry/api';
import { Observable, firstValueFrom, from, lastValueFrom, take } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TracingModule, tracedClient } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { CapturedLogger } from '../../support/captured-logger.js';
import { KeptSpans } from '../../http/support/kept-spans.js';
import { eventually } from '../../support/eventually.js';
import { ClientApp } from './support/client-app.js';
import { Peer } from './support/peer.js';
import type { Arrival } from './support/peer.js';
import { TRANSPORTS } from './support/transports.js';

const [TCP] = TRANSPORTS as [(typeof TRANSPORTS)[number]];

let peer: Peer;
let options: { readonly host: string; readonly port: number };

beforeAll(async () => {
  peer = await Peer.start(TCP);
  ({ options } = peer.connection.client as unknown as { options: typeof options });
});

afterEach(() => {
  peer.events.length = 0;
});

afterAll(() => peer.close());

async function ask(client: Pick<ClientProxy, 'send'>): Promise<Arrival> {
  return firstValueFrom(client.send<Arrival>(peer.pattern('echo'), 1));
}

/** What is an instance's own and Nest's class has as a method. */
function standIns(client: object): string[] {
  return Object.getOwnPropertyNames(client).filter((name) => name in ClientTCP.prototype);
}

describe('finding clients', () => {
  async function startWith(
    module: object,
    tracing: TracingModuleOptions = {},
    options: NestApplicationOptions = {},
  ) {
    const spans = new KeptSpans();
    @Module({
      imports: [
        TracingModule.forRoot({
          exporter: 'none',
          ...tracing,
          sdk: { autoDetectResources: false, spanProcessors: [spans] },
        }),
      ],
      ...module,
    })
    class App {}
    const app = await NestFactory.create(App, { logger: new CapturedLogger(), ...options });
    await app.init();
    return { app, spans };
  }

  it('M10 finds those of register, registerAsync, @Client() and useFactory', async () => {
    const carried: unknown[] = [];
    @Injectable()
    class Orders implements OnModuleInit {
      @Client({ transport: Transport.TCP, options: undefined as never })
      readonly property!: ClientProxy;

      constructor(
        @Inject('SYNC') readonly sync: ClientProxy,
        @Inject('ASYNC') readonly async: ClientProxy,
        @Inject('FACTORY') readonly factory: ClientProxy,
      ) {}

      async onModuleInit(): Promise<void> {
        for (const client of [this.sync, this.async, this.factory, this.property]) {
          carried.push((await ask(client)).carried['traceparent']);
        }
      }
    }
    Reflect.defineMetadata(
      'microservices:client',
      { transport: Transport.TCP, options },
      Orders.prototype,
      'property',
    );
    const { app } = await startWith({
      imports: [
        TracingModule.forRoot({
          exporter: 'none',
          sdk: { autoDetectResources: false, spanProcessors: [] },
        }),
        ClientsModule.register([{ name: 'SYNC', transport: Transport.TCP, options }]),
        ClientsModule.registerAsync([
          { name: 'ASYNC', useFactory: () => ({ transport: Transport.TCP, options }) as never },
        ]),
      ],
      providers: [Orders, { provide: 'FACTORY', useFactory: () => new ClientTCP(options) }],
    });
    expect(carried.map((value) => typeof value)).toEqual(['string', 'string', 'string', 'string']);
    await app.close();
    app.get<ClientTCP>('FACTORY').close();
  });

  it('S3 leaves every client as it was when the application closes', async () => {
    const client = new ClientTCP(options);
    const module = { providers: [{ provide: 'CLIENT', useValue: client }] };
    const first = await startWith(module);
    const second = await startWith(module);
    expect(standIns(client)).toContain('send');
    await second.app.close();
    await ask(client);
    await first.spans.one(peer.pattern('echo'));
    await first.app.close();
    expect(standIns(client)).toEqual([]);
    expect((await ask(client)).carried).toEqual({});
    client.close();
  });

  it("M26 finds those behind the Proxies of Nest's instrument, once, as @nestjs/observe makes them", async () => {
    const client = new ClientTCP(options);
    const hook = vi.fn<() => void>();
    const instanceDecorator = (instance: unknown) => {
      if (instance !== client) return instance;
      client.setOnDispatchHook(hook);
      return new Proxy(client, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => Reflect.apply(value, target, args) as unknown;
        },
      });
    };
    tracedClient(client);
    const { app, spans } = await startWith(
      { providers: [{ provide: 'CLIENT', useValue: client }] },
      {},
      { instrument: { instanceDecorator } },
    );
    expect(app.get('CLIENT')).not.toBe(client);
    for (const each of [app.get<ClientTCP>('CLIENT'), client]) {
      expect((await ask(each)).carried).toHaveProperty('traceparent');
    }
    await spans.many(peer.pattern('echo'), 2);
    expect(hook).toHaveBeenCalledTimes(2);
    await app.close();
    client.close();
  });

  it('asks nothing of Proxies that are no client', async () => {
    const asked: PropertyKey[] = [];
    const strange = new Proxy({}, { get: (_, key) => void asked.push(key) });
    const { app } = await startWith({ providers: [{ provide: 'STRANGE', useValue: strange }] });
    const ofClients = asked.filter((key) =>
      ['routingMap', 'send', 'publish'].includes(String(key)),
    );
    expect(ofClients).toEqual([]);
    await app.close();
  });

  it('leaves all alone where outgoing is off', async () => {
    const client = new ClientTCP(options);
    const { app } = await startWith(
      { providers: [{ provide: 'CLIENT', useValue: client }] },
      { microservices: { outgoing: false } },
    );
    expect(standIns(client)).toEqual([]);
    await app.close();
    client.close();
  });

  it('M26 keeps what somebody else puts over a stand-in, before the close and after', async () => {
    const client = new ClientTCP(options);
    const { app, spans } = await startWith({
      providers: [{ provide: 'CLIENT', useValue: client }],
    });
    const calls: unknown[] = [];
    const { send } = client;
    client.send = (pattern: unknown, data: unknown) => {
      calls.push(data);
      return Reflect.apply(send, client, [pattern, data]) as Observable<never>;
    };
    await ask(client);
    await spans.one(peer.pattern('echo'));
    await app.close();
    expect((await ask(client)).carried).toEqual({});
    expect(calls).toEqual([1, 1]);
    client.close();
  });
});

describe('tracedClient', () => {
  it('M10 traces a client that was made by hand, while an application is open', async () => {
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    expect(tracedClient(client)).toBe(client);
    expect((await ask(client)).carried).toEqual({});
    for (const round of [1, 2]) {
      const app = await ClientApp.start({});
      expect((await ask(client)).carried).toHaveProperty('traceparent');
      expect(app.spans.named(peer.pattern('echo')), `round ${round}`).toHaveLength(1);
      await app.close();
    }
    expect((await ask(client)).carried).toEqual({});
    client.close();
  });

  it('says what it takes', () => {
    expect(() => tracedClient({ send: () => undefined })).toThrow(TypeError);
  });
});

describe('a client of the application', () => {
  class Custom extends ClientProxy {
    readonly sent: object[] = [];

    connect(): Promise<void> {
      this.sent.push({ connected: trace.getSpan(context.active()) });
      return Promise.resolve();
    }
    close(): void {}
    unwrap<T>(): T {
      return undefined as T;
    }
    protected publish(packet: object, callback: (packet: object) => void): () => void {
      this.sent.push(packet);
      callback({ response: 'done', isDisposed: true });
      return () => undefined;
    }
    protected dispatchEvent<T>(packet: object): Promise<T> {
      this.sent.push(packet);
      return Promise.reject(new TypeError('no line'));
    }
  }

  class Cold extends Custom {
    override emit(_pattern: unknown, _data: unknown): Observable<never> {
      return new Observable((subscriber) => {
        this.sent.push({ span: trace.getActiveSpan()?.spanContext().spanId });
        subscriber.complete();
      });
    }
  }

  let app: ClientApp;
  beforeAll(async () => {
    app = await ClientApp.start({});
  });
  afterAll(() => app.close());
  afterEach(() => app.spans.reset());

  it('M1 M10 carries the trace in metadata, and connects in no context', async () => {
    const client = tracedClient(new Custom());
    const answer = await app.request('caller', () => firstValueFrom(client.send('sum', [1])));
    expect(answer).toBe('done');
    const span = await app.spans.one('sum');
    expect(span.attributes['nestjs.transport']).toBe('custom');
    expect(client.sent).toEqual([
      { connected: undefined },
      {
        pattern: 'sum',
        data: [1],
        metadata: { traceparent: expect.stringContaining(span.spanContext().spanId) as string },
      },
    ]);
  });

  it('M19 fails an event that could not be handed over, with or without a subscriber', async () => {
    const client = tracedClient(new Custom());
    client.emit('lost', 1);
    await expect(lastValueFrom(client.emit('lost', 1))).rejects.toThrow('no line');
    const spans = await app.spans.many('publish lost', 2);
    expect(spans.map((span) => span.status.message)).toEqual(['no line', 'no line']);
  });

  it('M19 gives an event that is sent at the subscription one span each, no more', async () => {
    const client: Cold & ClientProxy = tracedClient(new Cold());
    const event = client.emit('cold', 1);
    expect(app.spans.named('publish cold')).toEqual([]);
    for (const _ of [1, 2]) await lastValueFrom(event, { defaultValue: 0 });
    const spans = await app.spans.many('publish cold', 2);
    expect(client.sent).toEqual(spans.map((span) => ({ span: span.spanContext().spanId })));
    expect(spans.map((span) => span.kind)).toEqual([SpanKind.PRODUCER, SpanKind.PRODUCER]);
  });

  it('refuses as before what cannot be sent, and opens no span for an event that is none', async () => {
    const client = tracedClient(new Custom());
    await expect(lastValueFrom(client.emit('nothing', undefined))).rejects.toThrow();
    await expect(lastValueFrom(client.send('nothing', null))).rejects.toThrow();
    expect(app.spans.finished.map((span) => span.name)).toEqual(['nothing']);
  });

  it('M7 has no more than 500 patterns for names, whatever is written into them', async () => {
    const client = tracedClient(new Custom());
    for (let id = 0; id < 510; id += 1) await firstValueFrom(client.send(`sensor.${id}`, 1));
    await firstValueFrom(client.send('sensor.7', 1));
    client.emit('sensor.999', 1).subscribe({ error: () => undefined });
    const names = new Set(app.spans.finished.map((span) => span.name));
    expect(names.size).toBe(501);
    expect(app.spans.named('nestjs')).toHaveLength(10);
    expect(app.spans.named('nestjs')[9]?.attributes['rpc.method']).toBe('sensor.509');
    expect(app.spans.named('sensor.7')).toHaveLength(2);
    const event = await app.spans.one('publish');
    expect(event.attributes['messaging.destination.template']).toBe('sensor.999');
  });

  it('stops where its subscriber does, in the middle of values that come at once', () => {
    let made = 0;
    class Sync extends Custom {
      override send(): Observable<never> {
        return from(
          (function* () {
            while (made < 100) yield (made += 1) as never;
          })(),
        );
      }
    }
    const seen: unknown[] = [];
    const client: ClientProxy = tracedClient(new Sync());
    client
      .send('numbers', 1)
      .pipe(take(3))
      .subscribe((n) => {
        seen.push(n);
      });
    expect(seen).toEqual([1, 2, 3]);
    expect(made).toBe(3);
    expect(app.spans.named('numbers')).toHaveLength(1);
  });
});

describe('hooks of others', () => {
  it('M12 M26 calls a dispatch hook and keeps its metadata, whenever it was set', async () => {
    const client = new ClientTCP(options);
    const given = Object.freeze({ tenant: 'a' });
    const before = vi.fn((packet: { metadata?: unknown }) => {
      packet.metadata = given;
    });
    client.setOnDispatchHook(before as never);
    tracedClient(client);
    const app = await ClientApp.start({});
    const first = await ask(client);
    expect(first.carried).toEqual({ tenant: 'a', traceparent: expect.any(String) as string });
    const own = { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, tracestate: 'a=b' };
    client.setOnDispatchHook((packet) => {
      packet.metadata = own;
    });
    expect((await ask(client)).carried).toEqual(own);
    expect(before).toHaveBeenCalledTimes(1);
    await app.close();
    client.close();
  });

  it('M12 M26 shows a serializer of the application the packet, metadata included', async () => {
    const seen: unknown[] = [];
    const serializer = {
      serialize: ({ pattern, data, id, ...rest }: Record<string, unknown>) => {
        seen.push(rest);
        return { pattern, data, id };
      },
    };
    const client = tracedClient(new ClientTCP({ ...options, serializer }));
    const app = await ClientApp.start({});
    expect((await ask(client)).carried).toEqual({});
    expect(seen).toEqual([{ metadata: { traceparent: expect.any(String) as string } }]);
    await app.close();
    client.close();
  });

  it('M10 sends nothing along to whom propagate excludes, and still traces it', async () => {
    const asked: string[] = [];
    const propagate = (pattern: string) => {
      asked.push(pattern);
      if (pattern.endsWith('object"}')) throw new Error('broken rule');
      return !pattern.endsWith('echo');
    };
    const app = await ClientApp.start({
      client: peer.connection.client,
      tracing: { microservices: { outgoing: { propagate } } },
    });
    expect((await ask(app.client)).carried).toEqual({});
    const object = app.client.send<Arrival>({ cmd: `${peer.prefix}-object` }, 1);
    expect((await firstValueFrom(object)).carried).toEqual({});
    await lastValueFrom(app.client.emit(peer.pattern('event'), 1), { defaultValue: 0 });
    await eventually(() => expect(peer.events).toHaveLength(1));
    expect(peer.events[0]?.carried).toHaveProperty('traceparent');
    expect(asked).toEqual([
      peer.pattern('echo'),
      `{"cmd":"${peer.prefix}-object"}`,
      peer.pattern('event'),
    ]);
    await app.spans.one(peer.pattern('echo'));
    await app.close();
  });

  it('SR3 sends an unsampled trace along as unsampled', async () => {
    const app = await ClientApp.start({
      client: peer.connection.client,
      tracing: { sampler: { ratio: 0 } },
    });
    const { carried } = await app.request('caller', () => ask(app.client));
    expect(carried['traceparent']).toMatch(/-00$/);
    expect(app.spans.finished).toEqual([]);
    await app.close();
  });
});
