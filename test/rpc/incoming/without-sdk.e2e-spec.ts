import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startRpcApp } from './support/rpc-app.js';
import { tcp } from './support/transports.js';

@Controller()
class Sums {
  @MessagePattern('sum')
  sum(@Payload() numbers: number[]): { sum: number; isRoot: boolean } {
    const sum = numbers.reduce((total, number) => total + number, 0);
    return { sum, isRoot: context.active() === ROOT_CONTEXT };
  }
}

afterEach(() => vi.unstubAllEnvs());

describe('M1 without an SDK', () => {
  it('a message is answered as before, and nothing is put over its server or handler', async () => {
    vi.stubEnv('OTEL_SDK_DISABLED', 'true');
    const { sum } = Sums.prototype;
    const { app, client, close } = await startRpcApp(tcp, { controllers: [Sums] });
    const reply = await firstValueFrom(client.send('sum', [1, 2]));
    expect(reply).toEqual({ sum: 3, isRoot: true });
    const { serverInstance } = app as unknown as { serverInstance: object };
    expect(Object.hasOwn(serverInstance, 'addHandler')).toBe(false);
    expect(Sums.prototype.sum).toBe(sum);
    await close();
  });
});
