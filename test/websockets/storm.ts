import { join } from 'node:path';
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import type { WsResponse } from '@nestjs/websockets';
import { Observable, interval, map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { runProbe } from '../groups/probes/run-probe.js';
import { SocketApp } from './support/socket-app.js';
import type { Client, Kind } from './support/socket-app.js';

/** How many sockets send how many messages each. */
interface Storm {
  readonly sockets: number;
  readonly messages: number;
}

const reached = { value: 0, stream: 0, failed: 0, slow: 0 };

@WebSocketGateway()
class StormGateway {
  constructor(private readonly tracing: TracingService) {}

  handleConnection(): void {}

  handleDisconnect(): void {}

  @SubscribeMessage('value')
  async value(@MessageBody() data: unknown): Promise<WsResponse> {
    reached.value += 1;
    return this.tracing.span('work', async () => {
      await new Promise(setImmediate);
      return { event: 'answer', data };
    });
  }

  @SubscribeMessage('stream')
  stream(): Observable<WsResponse> {
    reached.stream += 1;
    return interval(1).pipe(map((data) => ({ event: 'tick', data })));
  }

  @SubscribeMessage('failed')
  failed(): never {
    reached.failed += 1;
    throw new WsException('no');
  }

  @SubscribeMessage('slow')
  async slow(): Promise<WsResponse> {
    reached.slow += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { event: 'answer', data: 0 };
  }
}

const EVENTS = ['value', 'failed', 'value', 'slow', 'value'] as const;

/** Every second one leaves half way, with a stream open and answers on their way. */
async function chat(client: Client, number: number, messages: number): Promise<void> {
  const leaves = number % 2 === 1;
  if (leaves) client.send('stream');
  for (let n = 0; n < messages; n += 1) {
    client.send(EVENTS[n % EVENTS.length]!, { number, n });
    if (n % 10 === 9) await new Promise(setImmediate);
    if (leaves && n === messages / 2) return client.close();
  }
  await client.until('answer', (messages * 4) / 5);
  await client.until('exception', messages / 5);
  client.close();
}

/** Describes what a storm of messages does, over one kind of socket, with clients that leave half way. */
export function describeStorm(kind: Kind, { sockets, messages }: Storm): void {
  describe(`a storm, over ${kind}`, () => {
    it(`WS8 ${sockets} sockets with ${messages} messages each, half of which leave half way: sums are exact`, async () => {
      Object.assign(reached, { value: 0, stream: 0, failed: 0, slow: 0 });
      const module = { providers: [StormGateway] };
      const app = await SocketApp.start(kind, { module });
      const clients = await Promise.all(Array.from({ length: sockets }, () => app.connect()));
      await Promise.all(clients.map((client, number) => chat(client, number, messages)));
      await app.spans.many('disconnect StormGateway', sockets);
      await app.spans.noneOpen();
      const count = (name: string): number => app.spans.named(name).length;
      expect(count('connect StormGateway')).toBe(sockets);
      expect({
        value: count('process value'),
        stream: count('process stream'),
        failed: count('process failed'),
        slow: count('process slow'),
      }).toEqual(reached);
      expect(reached.value).toBeGreaterThanOrEqual((sockets / 2) * ((messages * 3) / 5));
      const values = new Map(
        app.spans.named('process value').map((span) => [span.spanContext().spanId, span]),
      );
      const work = app.spans.named('work');
      expect(new Set(work.map(({ parentSpanContext }) => parentSpanContext?.spanId)).size).toBe(
        values.size,
      );
      expect(work.every(({ parentSpanContext: at }) => values.has(at?.spanId ?? ''))).toBe(true);
      const ids = app.spans.finished.map((span) => span.spanContext().spanId);
      expect(new Set(ids).size).toBe(ids.length);
      await app.close();
      expect(app.logger.lines.filter((line) => line.includes('had not ended'))).toEqual([]);
    });

    it('X1 nothing that a message makes and keeps for ever keeps a socket or a message', async () => {
      const args = [kind, String(sockets), String(messages)];
      const folder = join(import.meta.dirname, 'support');
      const found = await runProbe('socket-retention', args, folder);
      const all = sockets * messages;
      expect(found).toEqual({ clients: sockets, messages: all, kept: all, alive: [] });
    });
  });
}
