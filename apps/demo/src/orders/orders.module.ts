import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { stockTransport } from '../stock/stock-transport.js';
import { STOCK } from './orders.constants.js';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';

@Module({
  imports: [ClientsModule.register([{ name: STOCK, ...stockTransport }])],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class OrdersModule {}
