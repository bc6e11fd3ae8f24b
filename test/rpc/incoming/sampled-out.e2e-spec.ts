import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { propagation, trace } from '@opentelemetry/api';
import { AlwaysOffSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { defer, firstValueFrom, lastValueFrom, map, timer } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { LinksBasedSampler } from '../../../libs/tracing/src/sdk/links-based-sampler.js';
import { describeWithService } from '../../support/services.js';
import { OnEvent } from './support/on-event.js';
import type { RpcApp } from './support/rpc-app.js';
import { startRpcApp } from './support/rpc-app.js';
import type { TransportUnderTest } from './support/transports.js';
import { mqtt, nats, redis, rmq, tcp, uniqueRun } from './support/transports.js';

const root = new AlwaysOffSampler();
const spans = recordSpans({ sampler: new LinksBasedSampler(new ParentBasedSampler({ root })) });

/** What is active, as far as a sampled-out message knows it. */
function active(): string {
  const user = propagation.getActiveBaggage()?.getEntry('user')?.value;
  return `${trace.getActiveSpan()?.spanContext().traceId} ${user}`;
}

const events: string[] = [];

@Controller()
class Handlers {
  @MessagePattern('awaited')
  async awaited(@Payload() wait: number): Promise<string[]> {
    const before = active();
    await new Promise((resolve) => setTimeout(resolve, wait));
    return [before, active()];
  }

  @MessagePattern('stream')
  stream(@Payload() wait: number): Observable<string[]> {
    return defer(() => {
      const subscribed = active();
      return timer(wait).pipe(map(() => [subscribed, active()]));
    });
  }

  @OnEvent('happened')
  happened(): void {
    events.push(active());
  }
}

function caller(number: number) {
  const traceId = (number + 1).toString(16).padStart(32, '0');
  const carried = { traceparent: `00-${traceId}-00f067aa0ba902b7-00`, baggage: `user=u${number}` };
  return { carried, known: `${traceId} u${number}` };
}

afterEach(() => spans.reset());
afterAll(() => spans.stop());

describe('over TCP', () => battery(tcp));
for (const transport of [redis, nats, rmq, mqtt]) {
  describeWithService(transport.service!, `over ${transport.name}`, () => battery(transport));
}

function battery(transport: TransportUnderTest): void {
  let rpc: RpcApp;

  beforeAll(async () => {
    rpc = await startRpcApp(transport, { controllers: [Handlers], run: uniqueRun() });
  });

  afterAll(() => rpc.close());

  it.each(['awaited', 'stream'])(
    'M3 M29 runs in the context of its caller, whatever else comes in: %s',
    async (pattern) => {
      const callers = Array.from({ length: 40 }, (_, number) => caller(number));
      const seen = await Promise.all(
        callers.map(({ carried }, number) =>
          lastValueFrom(
            rpc.client.send<string[]>(pattern, transport.carry(number % 4, carried) as object),
          ),
        ),
      );
      expect(seen).toEqual(callers.map(({ known }) => [known, known]));
      expect(spans.finished).toEqual([]);
    },
  );

  it('M18 an event is a trace of its own, with the baggage of whoever emitted it', async () => {
    events.length = 0;
    const { carried, known } = caller(7);
    await lastValueFrom(rpc.client.emit('happened', transport.carry(1, carried) as object), {
      defaultValue: undefined,
    });
    expect(await firstValueFrom(rpc.client.send('awaited', 0))).toHaveLength(2);
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(events[0]).toMatch(/^[\da-f]{32} u7$/);
    expect(events[0]).not.toBe(known);
    expect(spans.finished).toEqual([]);
  });
}
