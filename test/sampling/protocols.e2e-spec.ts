import { lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { SamplerOptions } from 'nestjs-tracing';
import { PLATFORMS } from '../http/support/http-app.js';
import { SocketClient } from '../graphql/support/socket-client.js';
import { WholeApp } from './support/whole-app.js';

let app: WholeApp;
afterEach(() => app.close());

describe.each(PLATFORMS)('rules of sampling, on %s', (platform) => {
  const start = async (sampler: SamplerOptions): Promise<void> => {
    app = await WholeApp.start(platform, sampler);
  };
  const ran = (place: string) => expect.poll(() => app.flags(place), { timeout: 10_000 });

  it('SR4 messages go by their pattern, events too', async () => {
    await start({ rules: [{ pattern: 'audit.*', ratio: 0 }] });
    await lastValueFrom(app.messages.send('audit.write', {}));
    await lastValueFrom(app.messages.emit('audit.event', {}), { defaultValue: undefined });
    await lastValueFrom(app.messages.send('orders.find', {}));
    await ran('event').toBe(0);
    expect([app.flags('audit'), app.flags('message')]).toEqual([0, 1]);
    const kept = await app.spans.one('orders.find');
    expect(kept.attributes).not.toHaveProperty('sampling.rule');
    expect(app.sampling[0]).toMatchObject({ rule: 'pattern audit.*', sampledOut: 2 });
  });

  it('SR4 messages of WebSockets go by their event', async () => {
    await start({
      rules: [
        { event: 'noise', ratio: 0 },
        { event: 'm*', ratio: 1 },
      ],
    });
    app.socket.emit('noise', {});
    app.socket.emit('move', {});
    await ran('noise').toBe(0);
    await ran('move').toBe(1);
    const kept = await app.spans.one('process move');
    expect(kept.attributes['sampling.rule']).toBe('event m*');
    expect(app.spans.named('process noise')).toEqual([]);
  });

  it('SR4 operations of GraphQL go by their type where they are roots', async () => {
    await start({ rules: [{ graphql: 'subscription', ratio: 0 }] });
    const client = new SocketClient(`${app.http.url}/graphql`);
    const received = client.subscribe('subscription { ticks }');
    await received.done;
    await client.close();
    await app.graphql('mutation { change }');
    expect(received.results).toEqual([{ ticks: 'one' }]);
    expect([app.flags('subscription'), app.flags('mutation')]).toEqual([0, 1]);
    await app.spans.one('mutation');
    expect(app.spans.named('subscription')).toEqual([]);
    expect(app.sampling[0]?.sampledOut).toBeGreaterThan(0);
  });

  it('SR4 SR3 operations over HTTP are sampled with their request', async () => {
    const rules = [
      { route: '/graphql', ratio: 0 },
      { graphql: 'query', ratio: 1 },
    ] as const;
    await start({ rules });
    await app.graphql('{ alive }');
    expect(app.flags('query')).toBe(0);
  });

  it('SR4 scheduled work goes by its name', async () => {
    await start({
      rules: [
        { cron: 'poll', ratio: 0 },
        { cron: 'nightly', ratio: 0 },
      ],
    });
    await ran('interval').toBe(0);
    await ran('cron').toBe(0);
    expect(app.spans.named('Jobs.poll')).toEqual([]);
    expect(app.spans.named('Jobs.cron')).toEqual([]);
    await app.spans.one('Jobs.broken');
  });

  it('SR3 commands are sampled with what they are executed in', async () => {
    await start({ rules: [{ route: '/place', ratio: 0 }] });
    await app.get('/place');
    expect(app.flags('command')).toBe(0);
    await app.get('/orders/7');
    await app.spans.one('GET /orders/:id');
    expect(app.spans.named('Below.work').length).toBeGreaterThan(0);
    expect(app.spans.finished.filter(({ name }) => name.startsWith('execute'))).toEqual([]);
  });

  it('SR1 work that no rule is for goes by the ratio', async () => {
    await start({ rules: [{ route: '/orders/:id', ratio: 1 }], ratio: 0 });
    await lastValueFrom(app.messages.send('orders.find', {}));
    await app.get('/orders/7');
    await ran('interval').toBe(0);
    expect([app.flags('message'), app.flags('http')]).toEqual([0, 1]);
  });
});
