import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { RequestOptions, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpanKind } from '@opentelemetry/api';
import axios from 'axios';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client, request as undiciRequest } from 'undici';
import { TracingService } from 'nestjs-tracing';
import { HttpApp } from './support/http-app.js';
import { Proxy } from './support/proxy.js';

const CANARY = 'c4n4ry';
const QUERY = `/a?token=${CANARY}&password=${CANARY}&q=cats`;

let service: Server;
let host: string;
let nobody: string;
let app: HttpApp;
let proxy: Proxy;

beforeAll(async () => {
  service = createServer((req, res) => {
    if (req.headers['x-slow'] !== undefined) return;
    res.statusCode = req.headers['x-status'] === undefined ? 200 : 500;
    res.end('ok');
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  nobody = `127.0.0.1:${(gone.address() as AddressInfo).port}`;
  gone.close();
  app = await HttpApp.start('fastify');
  proxy = await Proxy.start();
});
afterEach(async () => {
  await app.spans.noneOpen();
  app.spans.reset();
});
afterAll(async () => {
  await app.close();
  proxy.close();
  service.closeAllConnections();
  service.close();
});

function byNode(url: string, options: RequestOptions = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get(url, options, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}

const withUser = () => `http://${CANARY}:${CANARY}@${host}${QUERY}`;
const refused = () => `http://${CANARY}:${CANARY}@${nobody}${QUERY}`;
const options = (signal?: AbortSignal) => ({
  headers: { 'x-slow': '1', authorization: `Bearer ${CANARY}` },
  ...(signal && { signal }),
});

const soon = () => AbortSignal.timeout(30);

describe('what CLIENT spans say', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['fetch', () => fetch(`http://${host}${QUERY}`)],
    ['fetch, refused', () => fetch(`http://${nobody}${QUERY}`)],
    ['fetch, failed', () => fetch(`http://${host}${QUERY}`, { headers: { 'x-status': '500' } })],
    ['fetch, out of time', () => fetch(`http://${host}${QUERY}`, options(soon()))],
    ['undici', async () => (await undiciRequest(withUser())).body.text()],
    ['undici, refused', () => undiciRequest(refused())],
    ['node:http', () => byNode(withUser())],
    ['node:http, refused', () => byNode(refused())],
    ['node:http, out of time', () => byNode(withUser(), options(soon()))],
    ['axios', () => axios.get(withUser())],
    ['axios, refused', () => axios.get(refused())],
    ['axios, failed', () => axios.get(withUser(), { headers: { 'x-status': '500' } })],
    ['axios, by a proxy', () => axios.get(withUser(), { proxy: proxyOption() })],
    ['node:http, by an absolute path', () => byNode(proxy.url, { path: withUser() })],
    ['undici, by an absolute path', () => byAbsolutePath()],
    ['node:http, with credentials in a list', () => byNode(withUser(), asList())],
  ])('H6 holds no credentials of a URL or header: %s', async (_name, call) => {
    await app.app.get(TracingService).span('work', () => call().catch(() => undefined));
    await app.spans.noneOpen();
    const spans = app.spans.finished.filter(({ kind }) => kind === SpanKind.CLIENT);
    expect(spans).toHaveLength(1);
    const said = spans.map(({ name, attributes, status, events, links }) =>
      JSON.stringify({ name, attributes, status, events, links }),
    );
    expect(said.join()).not.toContain(CANARY);
    expect(spans[0]?.attributes['url.full']).toContain(
      '/a?token=REDACTED&password=REDACTED&q=cats',
    );
  });
});

function proxyOption() {
  return { protocol: 'http', host: '127.0.0.1', port: Number(new URL(proxy.url).port) };
}

async function byAbsolutePath(): Promise<void> {
  const client = new Client(proxy.url);
  const { body } = await client.request({ method: 'GET', path: withUser() });
  await body.text();
  await client.close();
}

function asList(): RequestOptions {
  const headers: unknown = ['Host', host, 'Authorization', `Basic ${CANARY}`];
  return { headers } as RequestOptions;
}
