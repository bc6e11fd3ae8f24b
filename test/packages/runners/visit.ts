import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';

/** What the requests of `visit()` leave. */
export const TREE = [
  'GET',
  '  GET /orders/:id',
  '    OrdersService.find order.id=7',
  '      price',
  'GET status=ERROR',
  '  GET /orders/:id',
  '    OrdersService.find order.id=missing',
].join('\n');

/** Asks a running application for an order that it has and for one that it has not. */
export async function visit(app: INestApplication): Promise<void> {
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  for (const id of ['7', 'missing']) {
    await (await fetch(`http://127.0.0.1:${port}/orders/${id}`)).text();
  }
  await app.close();
}
