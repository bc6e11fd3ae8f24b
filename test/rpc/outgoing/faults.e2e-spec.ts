import { ClientTCP } from '@nestjs/microservices';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tracedClient } from 'nestjs-tracing';
import { freePort } from '../../support/free-port.js';
import { describeWithService } from '../../support/services.js';
import { eventually } from '../../support/eventually.js';
import { ClientApp } from './support/client-app.js';
import { CutProxy } from './support/cut-proxy.js';
import { Peer } from './support/peer.js';
import type { Arrival } from './support/peer.js';
import { TRANSPORTS } from './support/transports.js';

const [TCP] = TRANSPORTS as [(typeof TRANSPORTS)[number]];
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

describe.each(TRANSPORTS)('$name', (transport) => {
  describeWithService(transport.service, 'a close', () => {
    it('M19 ends the span of a request that is under way, as its subscriber is told', async () => {
      const peer = await Peer.start(transport);
      closing.push(() => peer.close());
      const app = await ClientApp.start({ client: peer.connection.client });
      closing.push(() => app.close());
      await app.client.connect();
      const told = vi.fn<(error: unknown) => void>();
      app.client.send(peer.pattern('never'), 1).subscribe({ error: told });
      await eventually(() => expect(peer.asked).toEqual(['never']));
      await app.close();
      await eventually(() => expect(told).toHaveBeenCalledTimes(1));
      const span = await app.spans.one(peer.pattern('never'));
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'Connection closed' });
      await app.spans.noneOpen();
    });
  });
});

describe('a connection that is lost', () => {
  it('M19 M21 fails the request, and is made anew in no context', async () => {
    const peer = await Peer.start(TCP);
    const { port } = (peer.connection.client as unknown as { options: { port: number } }).options;
    const proxy = await CutProxy.before(port);
    const app = await ClientApp.start({});
    const client = tracedClient(new ClientTCP({ host: '127.0.0.1', port: proxy.port }));
    closing.push(
      () => app.close(),
      () => peer.close(),
      () => proxy.close(),
      () => client.close(),
    );
    const told: [status: string, span: unknown][] = [];
    client.status.subscribe((status) => told.push([status, trace.getActiveSpan()]));
    const ask = (name: string) =>
      app.request('caller', () => firstValueFrom(client.send<Arrival>(peer.pattern(name), 1)));
    const lost = ask('never');
    await eventually(() => expect(peer.asked).toEqual(['never']));
    proxy.cut();
    await expect(lost).rejects.toThrow('Connection closed');
    const span = await app.spans.one(peer.pattern('never'));
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect((await ask('echo')).carried).toHaveProperty('traceparent');
    expect(told).toEqual([
      ['connected', undefined],
      ['disconnected', undefined],
      ['connected', undefined],
    ]);
    await app.spans.noneOpen();
  });

  it('M19 fails a request and an event that could not be sent at all', async () => {
    const app = await ClientApp.start({});
    const client = tracedClient(new ClientTCP({ host: '127.0.0.1', port: await freePort() }));
    closing.push(() => app.close());
    await expect(firstValueFrom(client.send('sum', 1))).rejects.toThrow('ECONNREFUSED');
    await expect(lastValueFrom(client.emit('done', 1))).rejects.toThrow('ECONNREFUSED');
    for (const name of ['sum', 'publish done']) {
      const { status, attributes } = await app.spans.one(name);
      expect(status.code).toBe(SpanStatusCode.ERROR);
      expect(attributes['error.type']).toBe('Error');
    }
  });
});

describe('a flood', () => {
  const COUNT = process.env['SOAK'] === '1' ? 10_000 : 2_000;

  it(`M29 ${COUNT} messages on one connection keep their parents, and no span stays open`, async () => {
    const peer = await Peer.start(TCP);
    const app = await ClientApp.start({ client: peer.connection.client });
    closing.push(
      () => app.close(),
      () => peer.close(),
    );
    const ask = (n: number) =>
      app.tracing.span('ask', async (span) => {
        const sent = app.client.send<Arrival>(peer.pattern('echo'), n);
        const { data, carried } = await firstValueFrom(sent);
        const own = span.spanContext().traceId;
        return data === n && String(carried['traceparent']).slice(3, 35) === own ? own : 'mixed';
      });
    const traces = await Promise.all(Array.from({ length: COUNT }, (_, n) => ask(n)));
    expect(traces).not.toContain('mixed');
    expect(new Set(traces).size).toBe(COUNT);
    expect(app.spans.named(peer.pattern('echo'))).toHaveLength(COUNT);
    await app.spans.noneOpen();
  });
});
