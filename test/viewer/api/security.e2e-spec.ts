import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId, span, traces } from '../support/messages.js';
import { ViewerProcess } from '../support/viewer-process.js';

const PATHS = ['/', '/main.js', '/api/traces', '/api/live', '/api/terms', '/stats'];

describe('P18 the page and its API', () => {
  let viewer: ViewerProcess;
  let traceId: string;

  beforeAll(async () => {
    viewer = await ViewerProcess.start();
    traceId = freshTraceId();
    await viewer.post('/v1/traces', traces(span({ traceId })));
  });

  afterAll(() => viewer.stop());

  async function status(path: string, headers: Record<string, string>): Promise<number> {
    // A stream of events does not end by itself.
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const { request } = await import('node:http');
    const sent = request({ host: '127.0.0.1', port: viewer.http, path, headers, agent: false });
    sent.on('error', reject).on('response', (response) => {
      resolve(response.statusCode!);
      response.destroy();
    });
    sent.end();
    return await promise;
  }

  it.each(PATHS)('%s is refused under a name that leads here by chance', async (path) => {
    for (const host of [
      'evil.example',
      `localhost.evil.example:${viewer.http}`,
      '127.0.0.1.evil',
    ]) {
      expect(await status(path, { host })).toBe(403);
    }
    expect(await status(path, { host: `localhost:${viewer.http}` })).toBe(200);
  });

  it.each(PATHS)('%s is refused to the page of another site or port', async (path) => {
    const own = `http://localhost:${viewer.http}`;
    const host = `localhost:${viewer.http}`;
    for (const origin of ['http://evil.example', 'http://localhost:3000', 'null']) {
      expect(await status(path, { host, origin })).toBe(403);
    }
    for (const site of ['cross-site', 'same-site']) {
      expect(await status(path, { host, 'sec-fetch-site': site })).toBe(403);
    }
    expect(await status(path, { host, origin: own, 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  it.each(['/', '/api/traces', '/api/none', `/nothing/here`])(
    '%s has a policy that lets nothing else in',
    async (path) => {
      const { headers } = await viewer.send({ path });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toMatch(/unsafe|\*|http/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it.each([
    ['GET', '/stats', 200],
    ['GET', '/v1/traces', 405],
    ['POST', '/v1/traces', 200],
    ['OPTIONS', '/v1/traces', 405],
  ])('%s %s is not sniffed, and lets no other page read', async (method, path, status) => {
    const type = { 'content-type': 'application/json' };
    const answer = await viewer.send(
      { method, path, headers: type },
      method === 'POST' ? '{}' : '',
    );
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(Object.keys(answer.headers).join()).not.toContain('access-control');
  });

  it('changes nothing for a form of another site', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { 'content-type': type };
      const paths = ['/api/traces', `/api/traces/${traceId}`, `/api/traces/${traceId}/pin`];
      for (const path of paths) {
        expect((await viewer.send({ method: 'DELETE', path, headers })).status).toBe(415);
      }
      const path = '/api/import';
      expect((await viewer.send({ method: 'POST', path, headers }, '{}')).status).toBe(415);
    }
    expect((await viewer.send({ path: `/api/traces/${traceId}` })).status).toBe(200);
  });

  it.each([
    '/../package.json',
    '/..%2fmain.js',
    '/%2e%2e/main.js',
    '/page/../../main.js',
    '/main.js.map',
    '/%00',
    '/%',
    '/.env',
    '//etc/passwd',
  ])('serves no file but those of the page: %s', async (path) => {
    const answer = await viewer.send({ path });
    expect([400, 404]).toContain(answer.status);
    expect(JSON.parse(answer.body)).toHaveProperty('message');
  });

  it.each([
    ['/api/traces?limit=0', 400],
    ['/api/traces?limit=1e9', 400],
    ['/api/traces?order=colour', 400],
    ['/api/traces?q=a&q=b', 400],
    ['/api/traces?q[]=a', 200],
    ['/api/traces?q=%22', 400],
    ['/api/traces/xyz', 400],
    [`/api/traces/${'0'.repeat(32)}`, 404],
    [`/api/traces/${'0'.repeat(32)}.txt`, 404],
    ['/api/none', 404],
  ])('answers %s with %i and says why', async (path, expected) => {
    const answer = await viewer.send({ path });
    expect(answer.status).toBe(expected);
    if (expected !== 200) expect(JSON.parse(answer.body)).toHaveProperty('message');
  });

  it('counts what it refused', async () => {
    const { refused } = await viewer.stats();
    expect(refused['forbidden_caller']).toBeGreaterThan(20);
    expect(refused['unknown_type']).toBeGreaterThan(5);
    expect(refused['unknown_path']).toBeGreaterThan(3);
  });

  it('is not there with --no-page', async () => {
    const bare = await ViewerProcess.start('--no-page');
    try {
      for (const path of ['/', '/api/traces']) expect((await bare.send({ path })).status).toBe(404);
    } finally {
      await bare.stop();
    }
  });
});

describe('P18 the page and its API, open to the network', () => {
  let viewer: ViewerProcess;

  beforeAll(async () => {
    const names = ['--allow-host', 'Traces.example', '--allow-host=viewer'];
    viewer = await ViewerProcess.start('--no-terminal', '--host', '0.0.0.0', ...names);
  });

  afterAll(() => viewer.stop());

  it('says at the start that it is', () => {
    const line = /^warning: the page is open to the network: whoever reaches 0\.0\.0\.0/m;
    expect(viewer.output).toMatch(line);
  });

  it.each([
    ['localhost:4318', 200],
    ['127.0.0.1', 200],
    ['192.168.0.7:4318', 200],
    ['[fe80::1]:4318', 200],
    [hostname(), 200],
    [`${hostname().toUpperCase()}:4318`, 200],
    ['traces.example:4318', 200],
    ['VIEWER', 200],
    ['evil.example', 403],
    ['evil.example:4318', 403],
    ['traces.example.evil.example', 403],
    ['1.2.3.4.evil.example', 403],
    ['0x7f.1', 403],
  ])('answers to the host %j with %i', async (host, expected) => {
    for (const path of ['/', '/api/traces', '/stats']) {
      const { status, body } = await viewer.send({ path, headers: { host } });
      expect(status).toBe(expected);
      if (status === 403) {
        expect(JSON.parse(body).message).toContain('start with --allow-host <name>');
      }
    }
  });

  it('is closed to a page that rebinds its name, whatever that says of itself', async () => {
    const host = 'evil.example:4318';
    const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect((await viewer.send({ path: '/api/traces', headers: own })).status).toBe(403);
    expect((await viewer.post('/api/import', '{}', own)).status).toBe(403);
    expect((await viewer.post('/v1/traces', '{}', own)).status).toBe(403);
  });

  it.each(['localhost', '127.0.0.1'])('is not at %s, and says nothing', async (host) => {
    const local = await ViewerProcess.start('--no-terminal', '--host', host);
    try {
      expect(local.output).not.toContain('warning');
    } finally {
      await local.stop();
    }
  });
});
