import { Controller, Param, Post } from '@nestjs/common';
import { OrdersService, type Order } from './orders.service.js';

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Post(':key')
  place(@Param('key') key: string): Promise<Order> {
    return this.orders.place(key);
  }
}
