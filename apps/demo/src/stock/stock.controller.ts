import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { StockService, type Reservation } from './stock.service.js';

/** Answers messages and hears of events; the way they come is not its business. */
@Controller()
export class StockController {
  constructor(private readonly stock: StockService) {}

  @MessagePattern('stock.reserve')
  reserve(@Payload() key: string): Promise<Reservation> {
    return this.stock.reserve(key);
  }

  @EventPattern('order.placed')
  placed(@Payload() key: string): Promise<void> {
    return this.stock.pick(key);
  }
}
