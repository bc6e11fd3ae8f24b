import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { expect, it } from 'vitest';
import { isChild } from '../../http/support/kept-spans.js';
import { GrpcApp, orders, seen } from './support/grpc-app.js';

/** So many are on their way at once. */
const AT_ONCE = 200;

/** Every shape in its turn; most calls are unary. */
const METHODS = ['Find', 'Find', 'Watch', 'Find', 'Collect', 'Find', 'Talk'] as const;

/** Makes so many calls of all shapes on one connection, and looks whose child each span is. */
export function interleave(count: number): void {
  it(
    `M29 never mixes the parents of ${count} calls of gRPC on one connection`,
    async () => {
      const app = await GrpcApp.start();
      const client = app.orders;
      const ask = {
        Find: async (id: string) => {
          expect(await firstValueFrom(client.find({ id }))).toEqual({ text: `found ${id}` });
        },
        Watch: async (id: string) => {
          expect(await lastValueFrom(client.watch({ id }).pipe(toArray()))).toHaveLength(3);
        },
        Collect: async (id: string) => {
          expect(await firstValueFrom(client.collect(orders(id, 'b')))).toEqual({
            text: `${id} b`,
          });
        },
        Talk: async (id: string) => {
          expect(await lastValueFrom(client.talk(orders(id)))).toEqual({ text: `you said ${id}` });
        },
      };
      let next = 0;
      const lane = async (): Promise<void> => {
        while (next < count) {
          const number = next;
          next += 1;
          const method = METHODS[number % METHODS.length]!;
          await app.tracing.span(`ask ${number}`, () => ask[method](`${number}`));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      await expect.poll(() => app.spans.finished.length, { timeout: 60_000 }).toBe(3 * count);
      await app.spans.noneOpen();
      const byId = new Map(app.spans.finished.map((span) => [span.spanContext().spanId, span]));
      expect(byId.size).toBe(3 * count);
      const parentOf = (span: ReadableSpan) => byId.get(span.parentSpanContext?.spanId ?? '')!;
      const servers = app.spans.finished.filter(({ kind }) => kind === SpanKind.SERVER);
      expect(servers).toHaveLength(count);
      const askers = new Set<ReadableSpan>();
      for (const server of servers) {
        const outgoing = parentOf(server);
        expect(outgoing).toMatchObject({ name: server.name, kind: SpanKind.CLIENT });
        const asker = parentOf(outgoing);
        expect(isChild(server, outgoing) && isChild(outgoing, asker)).toBe(true);
        const number = Number(asker.name.slice('ask '.length));
        expect(server.name).toBe(`shop.Orders/${METHODS[number % METHODS.length]}`);
        askers.add(asker);
      }
      expect(askers.size).toBe(count);
      const serverIds = new Set(servers.map((span) => span.spanContext().spanId));
      expect(seen.filter(([, spanId]) => !serverIds.has(spanId ?? ''))).toEqual([]);
      await app.close();
    },
    Math.max(30_000, count * 12),
  );
}
