import { inspect } from 'node:util';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { setEnvironment } from '../support/environment.js';
import { FaultCollector } from '../support/fault-collector.js';
import { decodeSpans } from '../support/otlp-wire.js';
import { TracingApp, figure } from '../support/tracing-app.js';
import { useExportSuite } from './export-suite.js';

const suite = useExportSuite();

/** Sends a span; where it cannot arrive there is no use in a long wait. */
async function sendOne(options: TracingModuleOptions, flushMillis = 5000): Promise<number> {
  suite.app = await TracingApp.start({ shutdownTimeoutMillis: 500, ...options });
  suite.app.end(1);
  await suite.app.tracing.flush(flushMillis);
  return suite.collector.received;
}

describe.each(['grpc', 'http'] as const)('OTLP over %s', (protocol) => {
  const exporter = `otlp-${protocol}` as const;

  const secure = (ca?: string): Promise<FaultCollector> =>
    FaultCollector.start({
      protocol,
      tls: {
        key: suite.certificates.read('server.key'),
        cert: suite.certificates.read('server.crt'),
        ...(ca === undefined ? {} : { ca: suite.certificates.read(ca) }),
      },
    });

  const trusted = () => ({ certificate: suite.certificates.path('ca.crt') });
  const client = () => ({
    clientKey: suite.certificates.path('client.key'),
    clientCertificate: suite.certificates.path('client.crt'),
  });

  it('E8 speaks TLS with a certificate of the options', async () => {
    suite.collector = await secure();
    expect(await sendOne({ exporter, endpoint: suite.collector.url, tls: trusted() })).toBe(1);
  });

  it('E8 speaks TLS with the certificates of the variables', async () => {
    suite.collector = await secure('ca.crt');
    suite.restore = setEnvironment({
      OTEL_EXPORTER_OTLP_CERTIFICATE: suite.certificates.path('other-ca.crt'),
      OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: suite.certificates.path('ca.crt'),
      OTEL_EXPORTER_OTLP_CLIENT_KEY: suite.certificates.path('client.key'),
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: suite.certificates.path('client.crt'),
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: suite.collector.url,
    });
    expect(await sendOne({ exporter })).toBe(1);
  });

  it('E8 refuses a collector that nobody vouches for, and never goes on in the clear', async () => {
    suite.collector = await secure();
    const tls = { certificate: suite.certificates.path('other-ca.crt') };
    expect(await sendOne({ exporter, endpoint: suite.collector.url, tls }, 300)).toBe(0);
    expect(suite.app.stats.queued).toBe(1);
  });

  it('E8 shows its own certificate where it is asked for', async () => {
    suite.collector = await secure('ca.crt');
    const tls = { ...trusted(), ...client() };
    expect(await sendOne({ exporter, endpoint: suite.collector.url, tls })).toBe(1);
  });

  it('E8 is refused without a certificate of its own where that is asked for', async () => {
    suite.collector = await secure('ca.crt');
    expect(await sendOne({ exporter, endpoint: suite.collector.url, tls: trusted() }, 300)).toBe(0);
  });

  it('E8 sends headers, of the options over those of the variables', async () => {
    suite.collector = await FaultCollector.start({ protocol });
    suite.restore = setEnvironment({ OTEL_EXPORTER_OTLP_HEADERS: 'x-one=variable,x-two=variable' });
    await sendOne({ exporter, endpoint: suite.collector.url, headers: { 'x-one': 'option' } });
    expect(suite.collector.requests[0]?.headers).toMatchObject({
      'x-one': 'option',
      'x-two': 'variable',
    });
  });

  it('E8 packs with gzip', async () => {
    suite.collector = await FaultCollector.start({ protocol });
    suite.app = await TracingApp.start({
      exporter,
      endpoint: suite.collector.url,
      compression: 'gzip',
    });
    suite.app.end(500);
    await suite.app.tracing.flush();
    const [request] = suite.collector.requests;
    const { wireBytes = NaN, body = Buffer.alloc(0) } = request ?? {};
    figure(`E8 ${protocol}: ${body.length} bytes as ${wireBytes}`);
    expect(suite.collector.received).toBe(500);
    expect(wireBytes).toBeLessThan(body.length * 0.6);
  });

  it('E8 gives a request up after OTEL_EXPORTER_OTLP_TIMEOUT and repeats it', async () => {
    suite.collector = await FaultCollector.start({ protocol });
    suite.collector.answer = () => ({ hangs: suite.collector.requests.length === 1 });
    suite.restore = setEnvironment({ OTEL_EXPORTER_OTLP_TIMEOUT: '200' });
    suite.app = await TracingApp.start({
      exporter,
      endpoint: suite.collector.url,
      batch: { scheduleDelayMillis: 50 },
    });
    suite.app.end(1);
    await suite.collector.waitFor(1, 5000);
    const [first, second] = suite.collector.requests.map(({ at }) => at);
    figure(
      `E8 ${protocol}: repeated ${((second ?? NaN) - (first ?? NaN)).toFixed()} ms after it began`,
    );
    expect(suite.collector.received).toBe(1);
  });

  it('S10 shows no header value and no credential of the URL, whatever fails and at any level', async () => {
    const said: string[] = [];
    const say = (...words: unknown[]): void => void said.push(inspect(words, { depth: 9 }));
    const all = { error: say, warn: say, info: say, debug: say, verbose: say };
    diag.setLogger(all, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
    suite.collector = await FaultCollector.start({ protocol });
    suite.collector.answer = ({ headers }) => ({
      code: protocol === 'grpc' ? 16 : 401,
      message: `no such token ${headers['authorization']}`,
    });
    const endpoint = suite.collector.url.replace('://', '://us3r:p4ssw0rd@');
    const headers = { 'x-token': 's3cr3t-one', authorization: 'Bearer s3cr3t-two' };
    await sendOne({ exporter, endpoint, headers });
    await suite.collector.close();
    suite.app.end(5);
    await suite.app.tracing.flush(300);
    await suite.app.close();
    const output = [...suite.app.lines, ...said, inspect(suite.app.tracing, { depth: 9 })].join(
      '\n',
    );
    diag.disable();
    figure(
      `S10 ${protocol}: ${output.length} characters of output: ${suite.app.lines.join(' | ')}`,
    );
    expect(suite.collector.requests.length).toBeGreaterThan(0);
    expect(output).not.toMatch(/s3cr3t|p4ssw0rd|us3r/);
  });

  it('E9 the main thread sends the same spans as the export thread', async () => {
    suite.collector = await FaultCollector.start({ protocol });
    const sent: unknown[] = [];
    for (const exportThread of ['worker', 'main'] as const) {
      suite.collector.requests.length = 0;
      suite.app = await TracingApp.start({ exporter, exportThread, endpoint: suite.collector.url });
      suite.app.tracing.span('outer', { attributes: { list: ['a', 'b'], n: 1.5 } }, () =>
        suite.app.end(3),
      );
      await suite.app.tracing.flush();
      await suite.app.close();
      const spans = suite.collector.requests.flatMap(({ body }) => decodeSpans(body));
      sent.push(spans.map(({ name, attributes }) => ({ name, attributes })));
    }
    expect(sent[0]).toHaveLength(4);
    expect(sent[1]).toEqual(sent[0]);
  });
});
