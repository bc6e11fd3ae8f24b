import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { Certificates } from '../support/certificates.js';
import { setEnvironment } from '../support/environment.js';
import { OtlpCollector } from '../support/otlp-collector.js';
import { TracingApp } from '../support/tracing-app.js';

const certificates = new Certificates();
let app: TracingApp | undefined;
let restore = (): void => undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
  restore();
  restore = () => undefined;
});

afterAll(() => certificates.remove());

/** Starts an application, lets it end a span and send what there is, and returns what its log says. */
async function problemsOf(options: TracingModuleOptions): Promise<string[]> {
  app = await TracingApp.start(options);
  app.end(1);
  await app.tracing.flush();
  return app.problems;
}

const PERCENT = /its user name or password is not percent-encoded: write %25 for each %/;
const A_VIEWER = /write the address of a viewer on this machine, such as "http:\/\/localhost:4318"/;
const OF_THE_CONNECTION = /the export sets the headers of its connection and its body itself/;

/** By the name of the option: what is given, and what its one line says. No value holds `zz` or `secret`. */
const refused: [string, TracingModuleOptions, RegExp][] = [
  ['endpoint', { endpoint: 'http://user:p%zz@127.0.0.1:4317' }, PERCENT],
  ['endpoint', { endpoint: 'http://%zz:secret@127.0.0.1:4318', exporter: 'otlp-http' }, PERCENT],
  ['endpoint', { endpoint: 'http://user:p%ff@127.0.0.1:4318', exporter: 'otlp-http' }, PERCENT],
  ['headers.connection', { headers: { connection: 'close' } }, OF_THE_CONNECTION],
  ['headers.Content-Length', { headers: { 'Content-Length': '3' } }, OF_THE_CONNECTION],
  ['headers.Expect', { headers: { Expect: 'secret' }, exporter: 'otlp-http' }, OF_THE_CONNECTION],
  ['headers.x-team', { headers: { 'x-team': 'é secret' } }, /that gRPC cannot carry/],
  ['headers.x-team-bin', { headers: { 'x-team-bin': 'secret' } }, /a name ends in "-bin"/],
  ['headers.x!', { headers: { 'x!': 'secret' } }, /gRPC carries only letters, digits/],
  ['shutdownTimeoutMillis', { shutdownTimeoutMillis: 2 ** 31 }, /up to 2147483647, .* 24\.8 days/],
  ['viewer', { viewer: 'yes' as never }, /write true, false, or an object of options/],
  ['viewer.endpoint', { viewer: { endpoint: 'http://10.0.0.7:4318' } }, A_VIEWER],
  ['viewer.endpoint', { viewer: { endpoint: 'http://localhost.zz:4318' } }, A_VIEWER],
  ['viewer.endpoint', { viewer: { endpoint: 'https://localhost:4318' } }, A_VIEWER],
  ['viewer.endpoint', { viewer: { endpoint: 'http://me:secret@localhost:4318' } }, A_VIEWER],
  ['viewer.endpoint', { viewer: { endpoint: 'http://localhost:4318/v1/traces' } }, A_VIEWER],
  ['viewer.endpoint', { viewer: { endpoint: 'localhost' } }, A_VIEWER],
  [
    'viewer.port',
    { viewer: { port: 4318 } as never },
    /there is no such option; known are endpoint/,
  ],
  ['batch.scheduleDelayMillis', { batch: { scheduleDelayMillis: 1e12 } }, /up to 2147483647/],
];

describe('what the export could not use is refused at the start, not in its thread', () => {
  for (const [option, options, cure] of refused) {
    it(`${option}: ${JSON.stringify(options)}`, async () => {
      const lines = await problemsOf(options);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(`error: Tracing is off: ${option}: `);
      expect(lines[0]).toMatch(cure);
      expect(lines[0]).not.toMatch(/zz|secret/);
      expect(() => TracingModule.forRoot({ ...options, strict: true })).toThrow(
        expect.objectContaining({ name: 'TracingConfigurationError', option }),
      );
    });
  }

  it('a certificate of another key', async () => {
    const tls = {
      clientKey: certificates.path('client.key'),
      clientCertificate: certificates.path('server.crt'),
    };
    const [line] = await problemsOf({ endpoint: 'https://localhost:4317', tls });
    expect(line).toContain('tls.clientCertificate: it is not the certificate of tls.clientKey');
  });
});

describe('the same by a variable', () => {
  const variables: [string, string, RegExp][] = [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:p%zz@127.0.0.1:4317', PERCENT],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://user:p%zz@127.0.0.1:4317', PERCENT],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Basic%zz', /header authorization: .*%25/],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'connection=close', OF_THE_CONNECTION],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x-team=%C3%A9', /that gRPC cannot carry/],
  ];
  for (const [name, value, cure] of variables) {
    it(`${name}=${value}`, async () => {
      restore = setEnvironment({ [name]: value });
      const lines = await problemsOf({});
      expect(lines).toEqual([expect.stringMatching(cure)]);
      expect(lines[0]).toContain(`error: Tracing is off: ${name}`);
      expect(lines[0]).not.toContain('zz');
    });
  }

  it('a delay beyond timers is the longest there is', async () => {
    const collector = await OtlpCollector.start();
    restore = setEnvironment({
      OTEL_BSP_SCHEDULE_DELAY: '99999999999',
      OTEL_EXPORTER_OTLP_TIMEOUT: '99999999999',
    });
    expect(await problemsOf({ endpoint: collector.url })).toEqual([]);
    expect(collector.spans).toHaveLength(1);
    await collector.close();
  });
});

describe('what can be used, and is', () => {
  it('credentials in the URL are sent over HTTP, as they were meant', async () => {
    const collector = await OtlpCollector.start();
    const endpoint = collector.httpUrl.replace('//', '//user:p%25zz@');
    expect(await problemsOf({ endpoint, exporter: 'otlp-http' })).toEqual([]);
    expect(collector.headers[0]).toMatchObject({
      authorization: `Basic ${Buffer.from('user:p%zz').toString('base64')}`,
    });
    await collector.close();
  });

  it('credentials in the URL that gRPC cannot send are named, without them', async () => {
    const collector = await OtlpCollector.start();
    const endpoint = collector.url.replace('//', '//user:secret@');
    const lines = await problemsOf({ endpoint });
    expect(lines).toEqual([
      expect.stringMatching(/^warn: endpoint: gRPC does not send the user name and password/),
    ]);
    expect(lines.join()).not.toContain('secret');
    expect(collector.spans).toHaveLength(1);
    await collector.close();
  });

  it('a flush without a limit waits as long as it takes', async () => {
    const flushed: string[] = [];
    app = await TracingApp.start({
      exporter: {
        export: (_spans, done) => {
          setTimeout(() => {
            flushed.push('whole');
            done({ code: 0 });
          }, 50);
        },
        shutdown: () => Promise.resolve(),
      },
    });
    app.end(1);
    await app.tracing.flush(Infinity);
    expect(flushed).toEqual(['whole']);
    expect(app.lines).toEqual([]);
  });

  it('an address of IPv6 without a scheme, for gRPC', async () => {
    restore = setEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: '[::1]:4317' });
    app = await TracingApp.start({});
    expect(app.problems).toEqual([]);
  });
});
