import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { IncomingMessage, RequestOptions, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HttpApp } from './support/http-app.js';
import { send } from './support/raw-request.js';

let service: Server;
let url: string;
let app: HttpApp;
const received: IncomingMessage[] = [];
const bodies: string[] = [];

beforeAll(async () => {
  service = createServer((req, res) => {
    received.push(req);
    void text(req).then((body) => {
      bodies.push(body);
      res.end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  app = await HttpApp.start('express');
});
afterEach(async () => {
  await app.spans.noneOpen();
  app.spans.reset();
  received.length = 0;
  bodies.length = 0;
});
afterAll(async () => {
  await app.close();
  service.closeAllConnections();
  service.close();
});

const portOf = (address: string): number => Number(new URL(address).port);

/** An agent whose only socket is in use for a while. */
function busy(): Agent {
  const agent = new Agent({ maxSockets: 1 });
  const { addRequest } = agent as Agent & { addRequest(...args: unknown[]): void };
  let first = true;
  Object.assign(agent, {
    addRequest(this: Agent, ...args: unknown[]): void {
      if (first) {
        first = false;
        void send(`${url}/busy`, { agent, headers: { 'x-busy': '1' } });
      }
      Reflect.apply(addRequest, this, args);
    },
  });
  return agent;
}

/** Headers as a list, which Node makes into text before anybody can add one. */
const asList = (...headers: unknown[]): RequestOptions => ({ headers }) as RequestOptions;

describe('headers given to node:http as a list', () => {
  it.each([
    ['flat', ['Host', 'a.test', 'X-Own', 'yes', 'Connection', 'close']],
    [
      'of pairs',
      [
        ['Host', 'a.test'],
        ['X-Own', 'yes'],
        ['Connection', 'close'],
      ],
    ],
  ])('H5 get the trace context too: %s', async (_shape, headers) => {
    await send(`${url}/list`, asList(...headers));
    const span = await app.spans.one('GET');
    const { traceId, spanId } = span.spanContext();
    expect(received[0]?.headers).toMatchObject({
      host: 'a.test',
      'x-own': 'yes',
      traceparent: `00-${traceId}-${spanId}-01`,
    });
  });

  it('H5 carry one traceparent, ours, and keep the body', async () => {
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const headers = ['Host', new URL(url).host, 'TraceParent', own, 'Content-Length', '4'];
    const options = { ...asList(...headers), method: 'POST' };
    expect((await send(`${url}/own`, options, 'body')).status).toBe(200);
    const span = await app.spans.one('POST');
    const names = received[0]?.rawHeaders.filter((name) => name.toLowerCase() === 'traceparent');
    expect(names).toHaveLength(1);
    expect(received[0]?.headers['traceparent']).toContain(span.spanContext().spanId);
  });

  it('H5 tell the port of the server', async () => {
    await send(`${url}/port`, asList('Host', new URL(url).host));
    const span = await app.spans.one('GET');
    expect(span.attributes).toMatchObject({
      'server.port': Number(new URL(url).port),
      'url.full': `${url}/port`,
    });
  });
});

/** Node renders such a head at once, and sends it before the body is asked for. */
describe('a request of node:http that expects to be told to go on', () => {
  const EXPECT = { Expect: '100-continue', 'Content-Length': '5' };

  /** Writes the body when the server says so, as an upload does. */
  async function upload(options: RequestOptions): Promise<string> {
    const call = request(`${url}/upload`, { method: 'PUT', agent: new Agent(), ...options });
    call.on('continue', () => call.end('bytes'));
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return text(response);
  }

  it.each<[string, RequestOptions]>([
    ['an object', { headers: EXPECT }],
    ['a list', asList('Host', 'a.test', ...Object.entries(EXPECT).flat())],
    ['an object, by an agent that has no connection to spare', { headers: EXPECT, agent: busy() }],
    ['an object, by no agent', { headers: EXPECT, createConnection: () => connect(portOf(url)) }],
  ])('H5 gets the trace context too: %s', async (_shape, options) => {
    expect(await upload(options)).toBe('ok');
    const span = await app.spans.one('PUT');
    const { traceId, spanId } = span.spanContext();
    expect(received.find(({ method }) => method === 'PUT')?.headers).toMatchObject({
      expect: '100-continue',
      'content-length': '5',
      traceparent: `00-${traceId}-${spanId}-01`,
    });
    expect(bodies).toContain('bytes');
  });

  it('H5 carries one traceparent, ours, and keeps what was written already', async () => {
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const headers = { ...EXPECT, TraceParent: own };
    const call = request(`${url}/own`, { method: 'PUT', agent: new Agent(), headers });
    call.end('bytes');
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('ok');
    const span = await app.spans.one('PUT');
    const names = received[0]?.rawHeaders.filter((name) => name.toLowerCase() === 'traceparent');
    expect(names).toHaveLength(1);
    expect(received[0]?.headers['traceparent']).toContain(span.spanContext().spanId);
    expect(bodies).toEqual(['bytes']);
  });
});
