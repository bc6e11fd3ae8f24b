import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { context, propagation } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpOptions } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import type { Platform } from './support/http-app.js';
import { send, sendRaw } from './support/raw-request.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const STRANGER = {
  traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
  baggage: 'user.email=ann@example.com',
};

let service: Server;
let target = '';
const received: IncomingHttpHeaders[] = [];
const baggages: (string | undefined)[] = [];

@Controller()
class RelayController {
  @Get('in')
  in(): string {
    baggages.push(propagation.getActiveBaggage()?.getEntry('user.email')?.value);
    return 'in';
  }

  @Get('out')
  async out(): Promise<string> {
    return (await fetch(target)).text();
  }
}

beforeAll(async () => {
  service = createServer((req, res) => {
    received.push(req.headers);
    res.end('ok');
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  target = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
});
afterAll(() => {
  service.closeAllConnections();
  service.close();
});

describe.each(PLATFORMS)('trust, on %s', (platform: Platform) => {
  let app: HttpApp;
  const start = async (http: HttpOptions, ratio = 1) => {
    const root = ratio === 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(ratio);
    app = await HttpApp.start(platform, {
      controllers: [RelayController],
      tracing: { http, sampler: new ParentBasedSampler({ root }) },
    });
  };
  const times = async (count: number, path: string) => {
    const headers = `traceparent: ${STRANGER.traceparent}\r\nbaggage: ${STRANGER.baggage}`;
    const bytes = `GET /${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n\r\n`;
    for (let n = 0; n < count; n += 1) await sendRaw(app.port, bytes);
  };
  afterEach(async () => {
    await app.spans.noneOpen();
    await app.close();
    received.length = baggages.length = 0;
  });

  const long = Array.from({ length: 20 }, (_, n) => `vendor${n}=${'x'.repeat(n < 2 ? 200 : 100)}`);
  const withState = (path: string) =>
    sendRaw(
      app.port,
      `GET /${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n` +
        `traceparent: ${STRANGER.traceparent}\r\ntracestate: ${long.join(',')}\r\n\r\n`,
    );
  const stateOf = (span: { spanContext(): SpanContext }) =>
    span.spanContext().traceState?.serialize() ?? '';

  it('H4 a stranger multiplies no more than 512 characters of tracestate, by the rules of W3C', async () => {
    await start({});
    await withState('out');
    const server = await app.spans.one('GET /out');
    const [client] = await app.spans.many('GET', 1);
    const expected = long.slice(2, 6).join(',');
    expect([stateOf(server), stateOf(client!)]).toEqual([expected, expected]);
    expect(received[0]?.['tracestate']).toBe(expected);
  });

  it('H4 whom a function trusts may send more; who is only linked, no more either', async () => {
    await start({ incoming: { trust: ({ url }) => url === '/out' } });
    await withState('out');
    expect(stateOf(await app.spans.one('GET /out'))).toBe(long.join(','));
    await withState('in');
    const [link] = (await app.spans.one('GET /in')).links;
    expect(link?.context.traceState?.serialize()).toBe(long.slice(2, 6).join(','));
  });

  it('H4 a caller that is not trusted does not get past the ratio by its sampled flag', async () => {
    await start({ outgoing: false, incoming: { trust: 'none' } }, 0);
    await times(20, 'in');
    expect(app.spans.finished).toEqual([]);
    expect(baggages).toHaveLength(20);
  });

  it('H4 continues every caller by default, with its baggage', async () => {
    await start({ outgoing: false });
    await times(1, 'in');
    const span = await app.spans.one('GET /in');
    expect(span.spanContext().traceId).toBe(TRACE);
    expect(span.links).toEqual([]);
    expect(baggages).toEqual(['ann@example.com']);
  });

  it('H4 gives 50 strangers 50 traces of their own, each linked, without their baggage', async () => {
    await start({ incoming: { trust: 'none' }, outgoing: false });
    await times(50, 'in');
    const spans = await app.spans.many('GET /in', 50);
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(50);
    expect(spans.map((span) => span.links[0]?.context.traceId)).toEqual(
      Array.from({ length: 50 }, () => TRACE),
    );
    expect(spans.every((span) => span.parentSpanContext === undefined)).toBe(true);
    expect(baggages).toEqual(Array.from({ length: 50 }, () => undefined));
  });

  it("H4 samples 50 strangers with the sampled flag at the sampler's own rate of 1 %", async () => {
    await start({ incoming: { trust: 'none' }, outgoing: false }, 0.01);
    await times(50, 'in');
    await expect.poll(() => baggages.length).toBe(50);
    await app.spans.noneOpen();
    expect(app.spans.finished.length).toBeLessThanOrEqual(5);
  });

  it('H4 asks a function, and one that throws trusts nobody', async () => {
    const known = (request: { headers: IncomingHttpHeaders }) => {
      if (request.headers['x-known'] === undefined) throw new Error('who is it?');
      return true;
    };
    await start({ incoming: { trust: known }, outgoing: false });
    await send(`${app.url}/in`, { headers: STRANGER });
    await send(`${app.url}/in`, { headers: { ...STRANGER, 'x-known': '1' } });
    const [stranger, friend] = await app.spans.many('GET /in', 2);
    expect(stranger?.spanContext().traceId).not.toBe(TRACE);
    expect(friend?.spanContext().traceId).toBe(TRACE);
  });

  it('H5 sends 50 calls to a host that is not named without trace context or baggage', async () => {
    await start({ outgoing: { propagateTo: ['api.example.com'], baggageTo: ['*.example.com'] } });
    await times(50, 'out');
    expect(received).toHaveLength(50);
    for (const headers of received) {
      for (const name of ['traceparent', 'tracestate', 'baggage']) {
        expect(headers).not.toHaveProperty(name);
      }
    }
    expect(await app.spans.many('GET', 50)).toHaveLength(50);
  });

  it('H5 sends, by default, trace context to its own network and nothing to anybody else', async () => {
    await start({});
    const { port } = new URL(target);
    const lookup: LookupFunction = (_host, _options, found) =>
      found(null, [{ address: '127.0.0.1', family: 4 }]);
    const baggage = propagation.createBaggage({ user: { value: 'ann' } });
    await context.with(propagation.setBaggage(context.active(), baggage), async () => {
      for (const host of ['api.example.com', 'orders']) {
        await send(`http://${host}:${port}/`, { lookup });
      }
    });
    const sent = received.map(({ traceparent, baggage: carried }) => [!!traceparent, !!carried]);
    expect(sent).toEqual([
      [false, false],
      [true, false],
    ]);
    await app.spans.many('GET', 2);
  });

  it('H5 sends trace context and baggage to hosts that are named, each by its own list', async () => {
    await start({ outgoing: { propagateTo: [/^127\./], baggageTo: ['127.0.0.1'] } });
    await times(3, 'out');
    for (const headers of received) {
      expect(headers['traceparent']).toContain(TRACE);
      expect(headers['baggage']).toBe('user.email=ann%40example.com');
    }
  });

  it('H5 sends baggage alone where only that is named', async () => {
    await start({ outgoing: { propagateTo: 'none', baggageTo: (url) => url.port !== '' } });
    await times(1, 'out');
    expect(received[0]).toHaveProperty('baggage');
    expect(received[0]).not.toHaveProperty('traceparent');
  });
});
