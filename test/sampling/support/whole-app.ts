import type { AddressInfo } from 'node:net';
import { Controller, Get, Injectable, NotFoundException, Param } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { ApolloDriver } from '@nestjs/apollo';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { Command, CommandBus, CommandHandler, CqrsModule } from '@nestjs/cqrs';
import { GraphQLModule, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { ClientProxyFactory, EventPattern, MessagePattern, Transport } from '@nestjs/microservices';
import type { ClientProxy } from '@nestjs/microservices';
import { Cron, Interval, ScheduleModule, Timeout } from '@nestjs/schedule';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { trace } from '@opentelemetry/api';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { Traced, TracingService } from 'nestjs-tracing';
import type { SamplerOptions, SamplingStats } from 'nestjs-tracing';
import { HttpApp } from '../../http/support/http-app.js';
import type { Platform } from '../../http/support/http-app.js';
import { freePort } from '../../support/free-port.js';

/** Where code has run, by the name of the place: the flags of its trace. */
const flags = new Map<string, number>();

function note(place: string): void {
  flags.set(place, trace.getActiveSpan()?.spanContext().traceFlags ?? -1);
}

@Injectable()
class Below {
  @Traced()
  work(place: string): string {
    note(place);
    return place;
  }
}

class Place extends Command<string> {}

@CommandHandler(Place)
class PlaceHandler {
  constructor(private readonly below: Below) {}

  async execute(): Promise<string> {
    return this.below.work('command');
  }
}

@Controller()
class Everything {
  constructor(
    private readonly below: Below,
    private readonly commands: CommandBus,
  ) {}

  @Get('orders/:id')
  order(@Param('id') id: string): string {
    this.below.work('http');
    if (id === 'missing') throw new NotFoundException();
    if (id === 'broken') throw new RangeError('no such order');
    return id;
  }

  @Get('place')
  async place(): Promise<string> {
    return this.commands.execute(new Place());
  }

  @MessagePattern('orders.find')
  find(): string {
    return this.below.work('message');
  }

  @MessagePattern('audit.write')
  audit(): string {
    return this.below.work('audit');
  }

  @MessagePattern('audit.broken')
  brokenMessage(): never {
    throw new RangeError('no such message');
  }

  @EventPattern('audit.event')
  event(body: unknown): unknown {
    this.below.work('event');
    return body;
  }

  @EventPattern('audit.broken-event')
  brokenEvent(body: unknown): unknown {
    throw new RangeError('no such event', { cause: body });
  }
}

@WebSocketGateway()
class Gateway {
  constructor(private readonly below: Below) {}

  @SubscribeMessage('move')
  move(body: unknown): unknown {
    this.below.work('move');
    return body;
  }

  @SubscribeMessage('noise')
  noise(body: unknown): unknown {
    this.below.work('noise');
    return body;
  }

  @SubscribeMessage('broken')
  broken(body: unknown): unknown {
    throw new RangeError('no such move', { cause: body });
  }
}

@Resolver()
class Operations {
  constructor(private readonly below: Below) {}

  @Query(() => String)
  alive(): string {
    return this.below.work('query');
  }

  @Mutation(() => String)
  change(): string {
    return this.below.work('mutation');
  }

  @Subscription(() => String)
  ticks(): AsyncGenerator<{ ticks: string }> {
    this.below.work('subscription');
    return oneTick();
  }

  @Subscription(() => String)
  brokenTicks(): never {
    throw new RangeError('no such ticks');
  }
}

async function* oneTick(): AsyncGenerator<{ ticks: string }> {
  yield { ticks: 'one' };
}

@Injectable()
class Jobs {
  constructor(private readonly below: Below) {}

  @Interval('poll', 10)
  poll(): void {
    this.below.work('interval');
  }

  @Timeout('broken', 5)
  broken(): never {
    throw new RangeError('no such job');
  }

  @Cron('* * * * * *', { name: 'nightly' })
  @Traced()
  async cron(): Promise<void> {
    this.below.work('cron');
  }
}

/** One application with all that a trace may begin with, and a client of each kind. */
export class WholeApp {
  readonly #clients: { close(): void }[] = [];

  private constructor(
    readonly http: HttpApp,
    readonly messages: ClientProxy,
    readonly socket: Socket,
  ) {
    this.#clients.push(messages, socket);
  }

  static async start(platform: Platform, sampler: SamplerOptions): Promise<WholeApp> {
    flags.clear();
    const tcp = { host: '127.0.0.1', port: await freePort() };
    const http = await HttpApp.start(platform, {
      controllers: [Everything],
      module: {
        imports: [
          CqrsModule.forRoot(),
          ScheduleModule.forRoot(),
          GraphQLModule.forRoot<ApolloDriverConfig>({
            driver: ApolloDriver,
            autoSchemaFile: true,
            subscriptions: { 'graphql-ws': true },
          }),
        ],
        providers: [Below, PlaceHandler, Gateway, Operations, Jobs],
      },
      // The clients are in this process: what they send is to have no trace context.
      tracing: { sampler, http: { outgoing: false }, microservices: { outgoing: false } },
      prepare: (app: INestApplication) => {
        app.connectMicroservice({ transport: Transport.TCP, options: tcp });
      },
    });
    await http.app.startAllMicroservices();
    const messages = ClientProxyFactory.create({ transport: Transport.TCP, options: tcp });
    const { port } = (http.app.getHttpServer() as { address(): AddressInfo }).address();
    const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] });
    return new WholeApp(http, messages, socket);
  }

  get spans(): HttpApp['spans'] {
    return this.http.spans;
  }

  get sampling(): readonly SamplingStats[] {
    return this.http.app.get(TracingService).stats().sampling;
  }

  /** The flags of the trace that the code of a place has run in. */
  flags(place: string): number | undefined {
    return flags.get(place);
  }

  async get(path: string): Promise<number> {
    const { status } = await fetch(`${this.http.url}${path}`);
    return status;
  }

  async graphql(query: string): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query });
    const response = await fetch(`${this.http.url}/graphql`, { method: 'POST', headers, body });
    return response.json();
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.http.close();
  }
}
