import { Metadata } from '@grpc/grpc-js';
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { SamplerOptions } from 'nestjs-tracing';
import { GrpcApp } from '../rpc/grpc/support/grpc-app.js';

let app: GrpcApp;
afterEach(() => app.close());

/** What the client sends is to have no trace context. */
async function start(sampler: SamplerOptions): Promise<void> {
  app = await GrpcApp.start({ tracing: { sampler, microservices: { outgoing: false } } });
}

const sampling = () => app.tracing.stats().sampling;

describe('rules for calls of gRPC', () => {
  it('SR4 go by the method', async () => {
    await start({ rules: [{ grpc: 'shop.Orders/F*', ratio: 0 }] });
    await firstValueFrom(app.orders.find({ id: '1' }, new Metadata()));
    await firstValueFrom(app.orders.watch({ id: '1' }, new Metadata()));
    await app.spans.one('shop.Orders/Watch');
    expect(app.spans.named('shop.Orders/Find')).toEqual([]);
    expect(sampling()[0]).toMatchObject({ rule: 'grpc shop.Orders/F*', sampledOut: 1 });
  });

  it('record a call that was dropped and has failed, with its status', async () => {
    await start({ rules: [{ grpc: 'shop.Orders/Find', ratio: 0, keepErrors: true }] });
    await firstValueFrom(app.orders.find({ id: '1' }, new Metadata()));
    await expect(firstValueFrom(app.orders.find({ id: 'broken' }))).rejects.toBeDefined();
    const span = await app.spans.one('shop.Orders/Find');
    expect(span.attributes).toMatchObject({
      'sampling.late': true,
      'rpc.system.name': 'grpc',
      'error.type': 'UNKNOWN',
      'rpc.status_code': 'UNKNOWN',
    });
    expect(span.events[0]?.attributes?.['exception.type']).toBe('TypeError');
    expect(sampling()[0]).toMatchObject({ sampledOut: 2, failed: 1, recordedLate: 1 });
  });
});
