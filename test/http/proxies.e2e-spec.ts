import { once } from 'node:events';
import http, { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import https, { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SpanKind } from '@opentelemetry/api';
import axios from 'axios';
import {
  Client,
  EnvHttpProxyAgent,
  ProxyAgent,
  fetch as packagedFetch,
  getGlobalDispatcher,
  setGlobalDispatcher,
  request as undiciRequest,
} from 'undici';
import type { Dispatcher } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { Certificates } from '../support/certificates.js';
import { HttpApp } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';
import { Proxy } from './support/proxy.js';

/** Since Node 24.14: what NODE_USE_ENV_PROXY does at the start. */
const { setGlobalProxyFromEnv } = http as typeof http & {
  setGlobalProxyFromEnv?: (env: Record<string, string>) => () => void;
};

const certificates = new Certificates();
const received: IncomingHttpHeaders[] = [];
const answer: http.RequestListener = (req, res) => {
  received.push(req.headers);
  res.end('ok');
};
const service = createServer(answer);
const secure = createSecureServer(
  { key: certificates.read('server.key'), cert: certificates.read('server.crt') },
  answer,
);
const ca = certificates.read('ca.crt');
let app: HttpApp;
let tracing: TracingService;
let proxy: Proxy;

const portOf = (server: http.Server | https.Server) => (server.address() as AddressInfo).port;
const plainUrl = () => `http://localhost:${portOf(service)}/a?token=x`;
const secureUrl = () => `https://localhost:${portOf(secure)}/a?token=x`;

beforeAll(async () => {
  for (const server of [service, secure]) await once(server.listen(0, '127.0.0.1'), 'listening');
  app = await HttpApp.start('fastify');
  tracing = app.app.get(TracingService);
});
beforeEach(async () => {
  proxy = await Proxy.start();
});
afterEach(async () => {
  proxy.close();
  await app.spans.noneOpen();
  app.spans.reset();
  received.length = 0;
});
afterAll(async () => {
  await app.close();
  for (const server of [service, secure]) {
    server.closeAllConnections();
    server.close();
  }
  certificates.remove();
});

/** One CLIENT span, of the host that was asked for, with the proxy as its peer. */
async function expectOneSpan(url: string, call: () => Promise<unknown>): Promise<void> {
  await tracing.span('work', call);
  const span = await app.spans.one('GET');
  expect(app.spans.finished.filter(({ kind }) => kind === SpanKind.CLIENT)).toEqual([span]);
  expect(isChild(span, await app.spans.one('work'))).toBe(true);
  expect(span.attributes).toMatchObject({
    'url.full': url.replace('token=x', 'token=REDACTED'),
    'server.address': 'localhost',
    'server.port': Number(new URL(url).port),
    'http.response.status_code': 200,
    'network.peer.address': '127.0.0.1',
    'network.peer.port': proxy.port,
  });
  const { traceId, spanId } = span.spanContext();
  expect(received.map((headers) => headers['traceparent'])).toEqual([`00-${traceId}-${spanId}-01`]);
  expect(proxy.lines).toEqual([
    expect.stringMatching(url.startsWith('https') ? /^CONNECT localhost/ : /^(GET http|CONNECT)/),
  ]);
}

const envProxy = () => ({ httpProxy: proxy.url, httpsProxy: proxy.url, noProxy: '' });

describe.each<[string, () => Dispatcher]>([
  ['a ProxyAgent', () => new ProxyAgent({ uri: proxy.url, requestTls: { ca } })],
  [
    'a ProxyAgent that tunnels all',
    () => new ProxyAgent({ uri: proxy.url, proxyTunnel: true, requestTls: { ca } }),
  ],
  [
    'a ProxyAgent that tunnels none',
    () => new ProxyAgent({ uri: proxy.url, proxyTunnel: false, requestTls: { ca } }),
  ],
  ['an EnvHttpProxyAgent', () => new EnvHttpProxyAgent({ ...envProxy(), requestTls: { ca } })],
])('requests by %s of undici', (_name, make) => {
  it.each(['http', 'https'])('H10 by fetch, to %s', async (scheme) => {
    const url = scheme === 'http' ? plainUrl() : secureUrl();
    const dispatcher = make();
    await expectOneSpan(url, async () => (await packagedFetch(url, { dispatcher })).text());
    await dispatcher.close();
  });

  it.each(['http', 'https'])('H10 by request, to %s', async (scheme) => {
    const url = scheme === 'http' ? plainUrl() : secureUrl();
    const dispatcher = make();
    await expectOneSpan(url, async () => (await undiciRequest(url, { dispatcher })).body.text());
    await dispatcher.close();
  });

  it('H10 by fetch, as the global dispatcher', async () => {
    const before = getGlobalDispatcher();
    const dispatcher = make();
    setGlobalDispatcher(dispatcher);
    await expectOneSpan(plainUrl(), async () => (await packagedFetch(plainUrl())).text());
    setGlobalDispatcher(before);
    await dispatcher.close();
  });
});

/** What a request by `node:http` and `node:https` says, whole. */
function get(url: string, options: https.RequestOptions): Promise<unknown> {
  const { get: start } = url.startsWith('https') ? https : http;
  return new Promise((resolve, reject) => {
    start(url, options, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}

describe.skipIf(setGlobalProxyFromEnv === undefined)('NODE_USE_ENV_PROXY', () => {
  const proxied = async (call: () => Promise<unknown>) => {
    const restore = setGlobalProxyFromEnv!({ http_proxy: proxy.url, https_proxy: proxy.url });
    await call().finally(restore);
  };

  it('H10 by fetch', () =>
    proxied(() => expectOneSpan(plainUrl(), async () => (await fetch(plainUrl())).text())));

  it('H10 by node:http', () => proxied(() => expectOneSpan(plainUrl(), () => get(plainUrl(), {}))));

  it('H10 by node:https', () =>
    proxied(() => expectOneSpan(secureUrl(), () => get(secureUrl(), { ca }))));

  it('H10 by an agent of its own', async () => {
    const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url };
    const agent = new https.Agent({ proxyEnv: env, ca } as https.AgentOptions);
    await expectOneSpan(secureUrl(), () => get(secureUrl(), { agent }));
  });
});

it('H10 by axios, by way of its own proxy option', () =>
  expectOneSpan(plainUrl(), () =>
    axios.get(plainUrl(), { proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port } }),
  ));

/** As http-proxy-agent does: the path is written anew once the agent has the request. */
it('H10 by an agent that makes the path absolute', async () => {
  class Rewriting extends http.Agent {
    addRequest(request: http.ClientRequest, options: http.RequestOptions): void {
      request.path = new URL(request.path, plainUrl()).href;
      const { addRequest } = http.Agent.prototype as unknown as Rewriting;
      addRequest.call(this, request, { ...options, host: '127.0.0.1', port: proxy.port });
    }
  }
  await expectOneSpan(plainUrl(), () => get(plainUrl(), { agent: new Rewriting() }));
});

describe('a tunnel of the application itself', () => {
  afterEach(async () => {
    const { attributes } = await app.spans.one('CONNECT');
    expect(attributes).toMatchObject({ 'url.full': `${proxy.url}/`, 'server.port': proxy.port });
    expect(proxy.lines).toHaveLength(1);
    app.spans.reset();
  });

  it('H10 has a span by node:http, without a URL made up', async () => {
    const options = { host: '127.0.0.1', port: proxy.port, method: 'CONNECT' };
    const tunnel = http.request({ ...options, path: `localhost:${portOf(service)}` }).end();
    const [, socket] = (await once(tunnel, 'connect')) as [unknown, { destroy(): void }];
    socket.destroy();
  });

  it('H10 has a span by undici, without a URL made up', async () => {
    const client = new Client(proxy.url);
    const { socket } = await client.connect({ path: `localhost:${portOf(service)}` });
    socket.destroy();
    await client.destroy();
  });
});
