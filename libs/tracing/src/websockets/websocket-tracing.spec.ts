import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it } from 'vitest';
import { WebSocketTracing } from './websocket-tracing.js';

const options = { ignore: [], lifecycle: true, broadcasts: false };

@WebSocketGateway()
class EchoGateway {
  @SubscribeMessage('echo')
  echo(): string {
    return 'echo';
  }
}

function tracingOf(providers: readonly object[], moduleRef: object): WebSocketTracing {
  return new WebSocketTracing({ getProviders: () => providers } as never, moduleRef as never);
}

describe('the tracing of gateways', () => {
  it('WS12 says once what to do where Nest hides its configuration', async () => {
    const { echo } = EchoGateway.prototype;
    const said: string[] = [];
    const tracing = tracingOf([{ metatype: EchoGateway }], {});
    tracing.start(options, (message) => said.push(message));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('app.useWebSocketAdapter(tracedAdapter(');
    expect(Object.hasOwn(echo, 'apply')).toBe(true); // what Nest calls a handler by
    await tracing.stop(0);
    expect(Object.hasOwn(echo, 'apply')).toBe(false);
  });

  it('WS12 says nothing of it to an application without gateways', async () => {
    const said: string[] = [];
    const tracing = tracingOf([{ metatype: class Plain {} }, {}], {});
    tracing.start(options, (message) => said.push(message));
    await tracing.stop(0);
    expect(said).toEqual([]);
  });

  it('WS12 says of an adapter that is none that it is not traced, and gives it back', async () => {
    const said: string[] = [];
    const adapter = Object.freeze({ bindMessageHandlers: () => undefined });
    const config = { getIoAdapter: () => adapter };
    const container = { applicationConfig: config };
    const tracing = tracingOf([{ metatype: EchoGateway }], { container });
    tracing.start(options, (message) => said.push(message));
    expect(config.getIoAdapter()).toBe(adapter);
    expect(config.getIoAdapter()).toBe(adapter);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('their adapter is not traced');
    const own = config.getIoAdapter;
    await tracing.stop(0);
    expect(config.getIoAdapter).not.toBe(own);
  });
});
