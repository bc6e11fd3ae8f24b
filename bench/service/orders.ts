import { Controller, Get, Inject, Injectable, Param } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { DataSource } from 'typeorm';

type MethodWrapper = () => MethodDecorator;

/**
 * The application under test: a request is three decorated methods and three queries. Both modes run
 * these very lines; only the decorator differs.
 */
export function ordersController(Wrapped: MethodWrapper): { controller: Type; service: Type } {
  @Injectable()
  class OrdersService {
    constructor(@Inject(DataSource) readonly database: DataSource) {}

    @Wrapped()
    async load(id: number): Promise<unknown> {
      return this.database.query('SELECT $1::int AS id, now() AS at', [id]);
    }

    @Wrapped()
    async price(id: number): Promise<unknown> {
      return this.database.query('SELECT $1::int * 2 AS price', [id]);
    }

    @Wrapped()
    async stock(id: number): Promise<unknown> {
      return this.database.query('SELECT count(*) FROM generate_series(1, $1::int)', [id]);
    }
  }

  @Controller('orders')
  class OrdersController {
    constructor(@Inject(OrdersService) readonly orders: OrdersService) {}

    @Get(':id')
    async find(@Param('id') given: string): Promise<unknown> {
      const id = Number(given);
      const order = await this.orders.load(id);
      const price = await this.orders.price(id);
      return { order, price, stock: await this.orders.stock(id) };
    }
  }
  return { controller: OrdersController, service: OrdersService };
}
