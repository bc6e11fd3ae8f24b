import { setImmediate as turn } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { trace } from '@opentelemetry/api';
import { firstValueFrom } from 'rxjs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { describeWithService } from '../../support/services.js';
import { caller } from './support/callers.js';
import { startRpcApp } from './support/rpc-app.js';
import type { TransportUnderTest } from './support/transports.js';
import { mqtt, mqtt5, nats, redis, rmq, tcp, uniqueRun } from './support/transports.js';

/** So many are on their way at once. */
const AT_ONCE = 200;

/** Sends so many messages over each transport, on one connection, and looks whose child each span is. */
export function interleave(count: number): void {
  const spans = recordSpans();
  afterAll(() => spans.stop());
  for (const transport of [tcp, redis, nats, rmq, mqtt, mqtt5]) {
    const { service, title } = transport;
    const name = `M29 ${count} messages at once over ${title}`;
    const suite = (): void => battery(transport, count, spans);
    if (service === undefined) describe(name, suite);
    else describeWithService(service, name, suite);
  }
}

function battery(transport: TransportUnderTest, count: number, spans: SpanRecorder): void {
  it(
    'never mix their parents, and each span ends once',
    async () => {
      const run = uniqueRun();
      const pattern = transport.subject(run, 'late');

      @Controller()
      class Late {
        @MessagePattern(pattern)
        async answer(@Payload() number: number): Promise<string> {
          for (let turns = number % 7; turns > 0; turns -= 1) await turn();
          return this.deeper(number);
        }

        @Traced()
        async deeper(number: number): Promise<string> {
          await turn();
          return `${number} ${trace.getActiveSpan()?.spanContext().traceId ?? ''}`;
        }
      }
      const { client, close } = await startRpcApp(transport, { controllers: [Late], run });
      const ask = async (number: number): Promise<void> => {
        const traceId = number.toString(16).padStart(32, '0');
        const traceparent = caller(number).traceparent.replace(/[0-9a-f]{32}/, traceId);
        const data = transport.carry(number, { traceparent }) as object;
        expect(await firstValueFrom(client.send(pattern, data))).toBe(`${number} ${traceId}`);
      };
      let next = 1;
      const lane = async (): Promise<void> => {
        while (next <= count) {
          const number = next;
          next += 1;
          await ask(number);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      await vi.waitFor(() => expect(spans.named(pattern)).toHaveLength(count), { timeout: 10_000 });
      const entries = new Map(
        spans.named(pattern).map((span) => [span.spanContext().spanId, span] as const),
      );
      expect(entries.size).toBe(count);
      for (const inner of spans.named('Late.deeper')) {
        const entry = entries.get(inner.parentSpanContext?.spanId ?? '');
        expect(entry?.parentSpanContext?.spanId.slice(-8)).toBe(
          inner.spanContext().traceId.slice(-8),
        );
      }
      spans.assertNoOpenSpans();
      await close();
      spans.reset();
    },
    Math.max(20_000, count * 12),
  );
}
