import { randomUUID } from 'node:crypto';
import { Controller, Module } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { NEVER, concat, of } from 'rxjs';
import type { Arrived, TransportCase, TransportOptions } from './transports.js';

/** What a message was, as it arrived. */
export interface Arrival {
  readonly data: unknown;
  readonly carried: Arrived;
}

/** A bare Nest microservice, without tracing, that says what has arrived. */
export class Peer {
  private constructor(
    /** Begins every pattern of this peer: brokers are shared. */
    readonly prefix: string,
    readonly connection: TransportOptions,
    readonly events: Arrival[],
    /** The handlers that were asked and do not answer. */
    readonly asked: string[],
    private readonly service: INestMicroservice,
  ) {}

  static async start(transport: TransportCase): Promise<Peer> {
    const prefix = `p${randomUUID().slice(0, 8)}`;
    const events: Arrival[] = [];
    const asked: string[] = [];
    const arrival = (data: unknown, ctx: unknown) => ({ data, carried: transport.arrived(ctx) });

    @Controller()
    class Handlers {
      @MessagePattern(`${prefix}-echo`)
      echo(@Payload() data: unknown, @Ctx() ctx: unknown): Arrival {
        return arrival(data, ctx);
      }

      @MessagePattern({ cmd: `${prefix}-object` })
      object(@Payload() data: unknown, @Ctx() ctx: unknown): Arrival {
        return arrival(data, ctx);
      }

      @MessagePattern(`${prefix}-many`)
      many() {
        return of(1, 2, 3);
      }

      @MessagePattern(`${prefix}-one-and-no-end`)
      oneAndNoEnd() {
        return concat(of(1), NEVER);
      }

      @MessagePattern(`${prefix}-never`)
      never() {
        asked.push('never');
        return NEVER;
      }

      @MessagePattern(`${prefix}-fail`)
      fail(): never {
        throw new RpcException({ code: 'NO_STOCK', message: 'none left' });
      }

      @MessagePattern(`${prefix}-crash`)
      crash(): never {
        throw new TypeError('secret');
      }

      @EventPattern(`${prefix}-event`)
      event(@Payload() data: unknown, @Ctx() ctx: unknown): void {
        events.push(arrival(data, ctx));
      }
    }

    @Module({ controllers: [Handlers] })
    class PeerModule {}
    const connection = await transport.connect();
    const service = await NestFactory.createMicroservice<MicroserviceOptions>(PeerModule, {
      ...connection.server,
      logger: false,
    });
    await service.listen();
    return new Peer(prefix, connection, events, asked, service);
  }

  /** The pattern of one of the handlers. */
  pattern(name: string): string {
    return `${this.prefix}-${name}`;
  }

  async close(): Promise<void> {
    await this.service.close();
  }
}
