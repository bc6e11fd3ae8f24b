import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';
import { catchError, lastValueFrom, of, tap, timeout } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithService } from '../../support/services.js';
import { ClientApp } from './support/client-app.js';
import { Peer } from './support/peer.js';
import type { Arrival } from './support/peer.js';
import { TRANSPORTS } from './support/transports.js';

const CALLER = createContextKey('caller');

const asCaller = <T>(name: string, call: () => T): T =>
  context.with(ROOT_CONTEXT.setValue(CALLER, name), call);

const activeCaller = () => context.active().getValue(CALLER);

describe.each(TRANSPORTS)('$name', (transport) => {
  describeWithService(transport.service, 'a message that is sampled out', () => {
    let peer: Peer;
    let app: ClientApp;

    beforeAll(async () => {
      peer = await Peer.start(transport);
      const tracing = { sampler: { ratio: 0 } };
      app = await ClientApp.start({ client: peer.connection.client, tracing });
      await asCaller('opener', () => app.client.connect());
    });

    afterAll(async () => {
      await app.close();
      await peer.close();
    });

    const send = <T>(name: string): Observable<T> =>
      app.client.send<T>(peer.pattern(name), { n: 1 });

    it('M21 calls subscribers and operators back in their own contexts', async () => {
      const seen: unknown[] = [];
      const note = (what: string) => () => void seen.push([what, activeCaller()]);
      const ask = (name: string) =>
        asCaller(name, async () => {
          const told = tap({ next: note('next'), complete: note('complete') });
          await lastValueFrom(send('many').pipe(told));
          await lastValueFrom(
            send('fail').pipe(
              tap({ error: note('error') }),
              catchError(() => of(activeCaller())),
            ),
          ).then((recovered) => seen.push(['recovered', recovered]));
        });
      const names = Array.from({ length: 8 }, (_, index) => `caller ${index}`);
      // Nest's client of MQTT loses replies when the last of several requests unsubscribes from their topic.
      if (transport.name.startsWith('MQTT')) for (const name of names) await ask(name);
      else await Promise.all(names.map((name) => ask(name)));
      for (const name of names) {
        const own = seen.filter((entry) => (entry as unknown[])[1] === name);
        const told = own.map((entry) => (entry as unknown[])[0]);
        expect(told).toEqual(['next', 'next', 'next', 'complete', 'error', 'recovered']);
      }
      expect(seen).toHaveLength(names.length * 6);
    });

    it('M19 stops when its subscriber does', async () => {
      await expect(
        lastValueFrom(send('one-and-no-end').pipe(timeout({ each: 100 }))),
      ).rejects.toThrow(/Timeout/);
      expect((app.client as unknown as { routingMap: Map<string, unknown> }).routingMap.size).toBe(
        0,
      );
    });

    it('SR3 says so, each in a trace of its own', async () => {
      const asked = Array.from({ length: 3 }, () => lastValueFrom(send<Arrival>('echo')));
      const carried = (await Promise.all(asked)).map(
        (arrival) => (arrival.carried as { traceparent?: string }).traceparent,
      );
      for (const traceparent of carried) {
        expect(traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
      }
      expect(new Set(carried).size).toBe(3);
      expect(app.spans.finished).toEqual([]);
    });
  });
});
