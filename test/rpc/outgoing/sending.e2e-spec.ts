import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { firstValueFrom, lastValueFrom, retry, tap, timeout, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeWithService } from '../../support/services.js';
import { isChild } from '../../http/support/kept-spans.js';
import { eventually } from '../../support/eventually.js';
import { ClientApp } from './support/client-app.js';
import { Peer } from './support/peer.js';
import type { Arrival } from './support/peer.js';
import { TRANSPORTS } from './support/transports.js';

function traceParent(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}

describe.each(TRANSPORTS)('$name', (transport) => {
  describeWithService(transport.service, 'sending', () => {
    let peer: Peer;
    let app: ClientApp;

    beforeAll(async () => {
      peer = await Peer.start(transport);
      app = await ClientApp.start({ client: peer.connection.client });
      await app.client.connect();
    });

    afterEach(() => {
      app.spans.reset();
      peer.events.length = 0;
    });

    afterAll(async () => {
      await app.close();
      await peer.close();
    });

    const send = <T>(name: string, data: unknown = { n: 1 }) =>
      app.client.send<T>(peer.pattern(name), data);

    it('M10 M18 sends the trace along, from a CLIENT span below the caller', async () => {
      const arrival = await app.request('caller', () => firstValueFrom(send<Arrival>('echo')));
      const span = await app.spans.one(peer.pattern('echo'));
      expect(arrival.data).toEqual({ n: 1 });
      expect(arrival.carried['traceparent']).toBe(traceParent(span));
      expect(span.kind).toBe(SpanKind.CLIENT);
      expect(isChild(span, await app.spans.one('caller'))).toBe(true);
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes).toEqual({
        'rpc.system.name': 'nestjs',
        'rpc.method': peer.pattern('echo'),
        'nestjs.transport': transport.transport,
        'server.address': '127.0.0.1',
        'server.port': transport.port || expect.any(Number),
      });
    });

    it("M7 names a request by its pattern in Nest's normal form", async () => {
      const pattern = { cmd: `${peer.prefix}-object` };
      await firstValueFrom(app.client.send(pattern, {}));
      await app.spans.one(`{"cmd":"${peer.prefix}-object"}`);
    });

    it('M10 M18 M19 emits with the trace, from one PRODUCER span, subscribed or not', async () => {
      app.request('caller', () => void app.client.emit(peer.pattern('event'), 'hello'));
      const span = await app.spans.one(`publish ${peer.pattern('event')}`);
      await eventually(() => expect(peer.events).toHaveLength(1));
      expect(peer.events[0]?.data).toBe('hello');
      expect(peer.events[0]?.carried['traceparent']).toBe(traceParent(span));
      expect(span.kind).toBe(SpanKind.PRODUCER);
      expect(isChild(span, await app.spans.one('caller'))).toBe(true);
      expect(span.attributes).toMatchObject({
        'messaging.system': transport.system,
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'send',
        'messaging.destination.template': peer.pattern('event'),
      });
      await lastValueFrom(app.client.emit(peer.pattern('event'), 'again'), { defaultValue: 0 });
      await app.spans.many(`publish ${peer.pattern('event')}`, 2);
      await eventually(() => expect(peer.events).toHaveLength(2));
    });

    it('M19 has a span for each subscription, and none without', async () => {
      const answers = send('echo');
      expect(app.spans.open.size).toBe(0);
      await Promise.all([firstValueFrom(answers), firstValueFrom(answers)]);
      await app.spans.many(peer.pattern('echo'), 2);
      await expect(lastValueFrom(send('fail').pipe(retry(2)))).rejects.toBeDefined();
      await app.spans.many(peer.pattern('fail'), 3);
    });

    it('M19 ends with the stream: all values, the first of many, or none within the time', async () => {
      expect(await lastValueFrom(send('many').pipe(toArray()))).toEqual([1, 2, 3]);
      await app.spans.one(peer.pattern('many'));
      expect(await firstValueFrom(send('one-and-no-end'))).toBe(1);
      const first = await app.spans.one(peer.pattern('one-and-no-end'));
      expect(first.attributes).not.toHaveProperty('async.task.outcome');
      await expect(firstValueFrom(send('never').pipe(timeout(50)))).rejects.toThrow('Timeout');
      const late = await app.spans.one(peer.pattern('never'));
      expect(late.attributes['async.task.outcome']).toBe('cancelled');
      expect(late.status.code).toBe(SpanStatusCode.UNSET);
      expect(app.spans.open.size).toBe(0);
    });

    it('M20 fails with what the server has made of the error', async () => {
      await expect(firstValueFrom(send('fail'))).rejects.toEqual({
        code: 'NO_STOCK',
        message: 'none left',
      });
      const span = await app.spans.one(peer.pattern('fail'));
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'none left' });
      expect(span.attributes['error.type']).toBe('NO_STOCK');
      expect(span.events.map((event) => event.name)).toEqual(['exception']);
    });

    it('M21 calls subscribers and operators back in their own contexts', async () => {
      const seen: (string | undefined)[] = [];
      const note = () => {
        seen.push(trace.getSpan(context.active())?.spanContext().spanId);
      };
      const caller = (name: string) =>
        app.tracing.span(name, async (span) => {
          await lastValueFrom(send('many').pipe(tap({ next: note, complete: note })));
          return span.spanContext().spanId;
        });
      const [first, second] = await Promise.all([caller('first'), caller('second')]);
      expect(seen.filter((id) => id === first)).toHaveLength(4);
      expect(seen.filter((id) => id === second)).toHaveLength(4);
      expect(seen).toHaveLength(8);
      await new Promise<void>((resolve) => {
        app.request('emitter', () => {
          const id = trace.getActiveSpan()?.spanContext().spanId;
          app.client.emit(peer.pattern('event'), 1).subscribe({
            complete: () => {
              expect(trace.getActiveSpan()?.spanContext().spanId).toBe(id);
              resolve();
            },
          });
        });
      });
    });

    it('M29 never mixes the parents of many messages on one connection', async () => {
      const count = 300;
      const ask = (n: number) =>
        app.tracing.span(`ask ${n}`, async (span) => {
          const { data, carried } = await firstValueFrom(send<Arrival>('echo', n));
          expect(data).toBe(n);
          return [span.spanContext().traceId, String(carried['traceparent']).slice(3, 35)];
        });
      const pairs = await Promise.all(Array.from({ length: count }, (_, n) => ask(n)));
      expect(pairs.filter(([own, arrived]) => own !== arrived)).toEqual([]);
      expect(new Set(pairs.map(([own]) => own)).size).toBe(count);
      await app.spans.many(peer.pattern('echo'), count);
      expect(app.spans.open.size).toBe(0);
    });
  });
});
