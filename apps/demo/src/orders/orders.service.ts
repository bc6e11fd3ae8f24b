import { Inject, Injectable } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import { SpanAttribute, Traced } from 'nestjs-tracing';
import { firstValueFrom } from 'rxjs';
import { STOCK } from './orders.constants.js';

/** What was ordered, and how many there are still. */
export interface Order {
  readonly key: string;
  readonly left: number;
}

/** Asks the stock for one and waits, then tells it of the order and does not. */
@Injectable()
export class OrdersService {
  constructor(@Inject(STOCK) private readonly stock: ClientProxy) {}

  @Traced('place order')
  async place(@SpanAttribute('request.key') key: string): Promise<Order> {
    const { left } = await firstValueFrom(this.stock.send<{ left: number }>('stock.reserve', key));
    this.stock.emit('order.placed', key);
    return { key, left };
  }
}
