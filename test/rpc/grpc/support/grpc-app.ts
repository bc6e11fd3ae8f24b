import { fileURLToPath } from 'node:url';
import { Controller, Module, UseGuards } from '@nestjs/common';
import type { CanActivate, ExecutionContext, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientsModule,
  GrpcMethod,
  GrpcStreamCall,
  GrpcStreamMethod,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import type { ClientGrpc, GrpcOptions } from '@nestjs/microservices';
import { Metadata, loadPackageDefinition, credentials } from '@grpc/grpc-js';
import type { Client, ServerDuplexStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { trace } from '@opentelemetry/api';
import { NEVER, Observable, concat, finalize, from, map, of, tap, toArray } from 'rxjs';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { CapturedLogger } from '../../../support/captured-logger.js';
import { freePort } from '../../../support/free-port.js';
import { KeptSpans } from '../../../http/support/kept-spans.js';

export const PROTO = fileURLToPath(new URL('orders.proto', import.meta.url));

export interface Order {
  readonly id: string;
}
export interface Note {
  readonly text: string;
}

/** The service as Nest's client has it. */
export interface OrdersClient {
  find(order: Order, metadata?: Metadata, options?: object): Observable<Note>;
  watch(order: Order, metadata?: Metadata, options?: object): Observable<Note>;
  collect(orders: Observable<Order>, metadata?: Metadata): Observable<Note>;
  talk(orders: Observable<Order>, metadata?: Metadata): Observable<Note>;
  raw(orders: Observable<Order>, metadata?: Metadata): Observable<Note>;
  forgotten(order: Order): Observable<Note>;
}

/** Where code ran: the name of a place, and the span that was active. */
export type Seen = [place: string, spanId: string | undefined];

function active(): string | undefined {
  return trace.getActiveSpan()?.spanContext().spanId;
}

/** Notes where the code of a call runs. */
export const seen: Seen[] = [];
const note = (place: string): void => {
  seen.push([place, active()]);
};

class Guard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    note('guard');
    const { id } = context.switchToRpc().getData<Order>();
    return id !== 'refused';
  }
}

/** The headers that the last call came with. */
export let lastMetadata: Metadata | undefined;

const CODES: Readonly<Record<string, number>> = { missing: 5, internal: 13, denied: 7 };

@Controller()
class OrdersController {
  @GrpcMethod('Orders', 'Find')
  @UseGuards(Guard)
  async find({ id }: Order, metadata: Metadata): Promise<Note> {
    lastMetadata = metadata;
    note('handler');
    await new Promise((resolve) => setImmediate(resolve));
    note('after await');
    if (id === 'broken') throw new TypeError('secret');
    if (id === 'uncoded') throw new RpcException('without a code');
    if (id === 'slow') return new Promise(() => undefined);
    const code = CODES[id];
    if (code !== undefined) throw new RpcException({ code, message: `${id}!` });
    return { text: `found ${id}` };
  }

  @GrpcMethod('Orders', 'Watch')
  watch({ id }: Order): Observable<Note> {
    note('handler');
    const notes = from(['a', 'b', 'c']).pipe(map((text) => ({ text })));
    const open = id === 'endless' ? concat(notes, NEVER) : notes;
    return open.pipe(
      tap(() => note('item')),
      finalize(() => note('finalize')),
    );
  }

  @GrpcStreamMethod('Orders', 'Collect')
  collect(orders: Observable<Order>): Observable<Note> {
    return orders.pipe(
      tap(() => note('item')),
      map(({ id }) => id),
      toArray(),
      map((ids) => ({ text: ids.join(' ') })),
    );
  }

  @GrpcStreamMethod('Orders', 'Talk')
  talk(orders: Observable<Order>): Observable<Note> {
    return orders.pipe(
      tap(() => note('item')),
      map(({ id }) => ({ text: `you said ${id}` })),
    );
  }

  @GrpcStreamCall('Orders', 'Raw')
  raw(call: ServerDuplexStream<Order, Note>): void {
    note('handler');
    call.on('data', ({ id }: Order) => {
      note('item');
      call.write({ text: id }, () => note('written'));
    });
    call.on('end', () => {
      note('end');
      call.end();
    });
    call.on('error', () => note('error'));
  }
}

export interface GrpcAppOptions {
  readonly tracing?: TracingModuleOptions;
  readonly server?: Partial<GrpcOptions['options']>;
  readonly client?: Partial<GrpcOptions['options']>;
  readonly providers?: Type[];
}

/** A hybrid application with tracing that serves `Orders` and has a client of it. */
export class GrpcApp {
  private constructor(
    readonly app: INestApplication,
    readonly spans: KeptSpans,
    readonly logger: CapturedLogger,
    readonly port: number,
  ) {}

  static async start(options: GrpcAppOptions = {}): Promise<GrpcApp> {
    const spans = new KeptSpans();
    const logger = new CapturedLogger();
    const port = await freePort();
    const shared = { package: 'shop', protoPath: PROTO, url: `127.0.0.1:${port}` };
    const client = { ...shared, ...options.client };
    @Module({
      imports: [
        TracingModule.forRoot({
          exporter: 'none',
          ...options.tracing,
          sdk: {
            autoDetectResources: false,
            ...options.tracing?.sdk,
            spanProcessors: [spans],
          },
        }),
        ClientsModule.register([{ name: 'ORDERS', transport: Transport.GRPC, options: client }]),
      ],
      controllers: [OrdersController],
      providers: options.providers ?? [],
    })
    class App {}
    const app = await NestFactory.create(App, { logger, abortOnError: false });
    const server = { ...shared, ...options.server };
    app.connectMicroservice({ transport: Transport.GRPC, options: server });
    await app.startAllMicroservices();
    await app.init();
    return new GrpcApp(app, spans, logger, port);
  }

  get orders(): OrdersClient {
    return this.app.get<ClientGrpc>('ORDERS').getService<OrdersClient>('Orders');
  }

  get tracing(): TracingService {
    return this.app.get(TracingService);
  }

  /** A client that knows nothing of us. */
  bareClient(service = 'Orders'): BareClient {
    return bareClient(this.port, service);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

/** A client of `@grpc/grpc-js`, with the methods of its service. */
export type BareClient = Client & {
  find(order: Order, ...rest: readonly unknown[]): { cancel(): void };
  watch(order: Order, ...rest: readonly unknown[]): NodeJS.ReadableStream & { cancel(): void };
  talk(...rest: readonly unknown[]): NodeJS.ReadWriteStream & { cancel(): void };
};

export function bareClient(port: number, service: string): BareClient {
  const { shop } = loadPackageDefinition(loadSync(PROTO)) as unknown as {
    shop: Record<string, new (...args: unknown[]) => BareClient>;
  };
  return new shop[service]!(`127.0.0.1:${port}`, credentials.createInsecure());
}

/** Orders that are sent one after the other. */
export function orders(...ids: readonly string[]): Observable<Order> {
  return of(...ids.map((id) => ({ id })));
}
