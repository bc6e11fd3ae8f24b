import { Controller, Get, Injectable, UseGuards } from '@nestjs/common';
import type { CanActivate } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpApp, PLATFORMS } from './support/http-app.js';

const seen: string[] = [];
const look = (): void => void seen.push((trace.getActiveSpan() as unknown as ReadableSpan).name);

@Injectable()
class Guard implements CanActivate {
  canActivate(): boolean {
    look();
    return true;
  }
}

@Controller('orders')
class OrdersController {
  @Get(':id')
  @UseGuards(Guard)
  find(): string {
    look();
    return 'found';
  }
}

let app: HttpApp | undefined;
afterEach(async () => {
  await app?.close();
  seen.length = 0;
});

describe.each(PLATFORMS)('the span of a request that runs, on %s', (platform) => {
  it('is named after its route from the first guard on, for whoever looks at it while it is open', async () => {
    app = await HttpApp.start(platform, {
      controllers: [OrdersController],
      tracing: { http: { outgoing: false } },
    });
    expect(await (await fetch(`${app.url}/orders/7`)).text()).toBe('found');
    expect((await fetch(`${app.url}/elsewhere`)).status).toBe(404);
    expect(seen).toEqual(['GET /orders/:id', 'GET /orders/:id']);
    await app.spans.one('GET /orders/:id');
    await app.spans.one('GET');
  });
});
