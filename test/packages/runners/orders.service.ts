import { Injectable, NotFoundException } from '@nestjs/common';
import { Traced, TracingService } from 'nestjs-tracing';

@Injectable()
export class OrdersService {
  constructor(private readonly tracing: TracingService) {}

  @Traced({ attributes: (id: string) => ({ 'order.id': id }) })
  async find(id: string): Promise<{ id: string; price: number }> {
    if (id === 'missing') throw new NotFoundException(`There is no order ${id}.`);
    const price = await this.tracing.span('price', async () => id.length);
    return { id, price };
  }
}
