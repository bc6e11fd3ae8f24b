import { gzipSync } from 'node:zlib';
import { SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TraceAssembler } from '../assembling/trace-assembler.js';
import { readOptions, VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import { RECEIVING } from '../viewer.module.js';
import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import { GrpcReceiver } from './grpc-receiver.js';
import { HttpReceiver } from './http-receiver.js';

const OPTIONS: ViewerOptions = {
  ...readOptions([], {})!,
  grpcPort: 0,
  httpPort: 0,
  quietMillis: 60_000,
  rootlessMillis: 60_000,
};
const GZIP = CompressionAlgorithm.GZIP;
const LINKED = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: TraceFlags.SAMPLED };

describe('receivers', () => {
  let app: TestingModule;
  let grpc: string;
  let http: string;

  beforeEach(async () => {
    app = await receiving(OPTIONS);
    await app.init();
    grpc = `http://127.0.0.1:${app.get(GrpcReceiver).port}`;
    http = `http://127.0.0.1:${app.get(HttpReceiver).port}`;
  });

  afterEach(() => app.close());

  it.each<[string, () => SpanExporter]>([
    ['gRPC', () => new GrpcExporter({ url: grpc })],
    ['gRPC, gzipped', () => new GrpcExporter({ url: grpc, compression: GZIP })],
    ['protobuf over HTTP', () => new ProtobufExporter({ url: `${http}/v1/traces` })],
    ['JSON over HTTP', () => new JsonExporter({ url: `${http}/v1/traces` })],
  ])('decodes what the official exporter sends as %s', async (_wire, exporter) => {
    const sent = await send(exporter());
    const [span] = received(app).spans;
    expect(span).toMatchObject({
      ...sent,
      name: 'work',
      kind: 'CLIENT',
      parentIsRemote: false,
      startNanos: 1_700_000_000_000_000_000n,
      endNanos: 1_700_000_000_250_000_000n,
      status: 'ERROR',
      statusMessage: 'failed',
      service: 'sender',
      links: [{ traceId: LINKED.traceId, spanId: LINKED.spanId }],
      events: [{ name: 'retry', attributes: { attempt: 2 } }],
    });
    expect({ ...span?.attributes }).toEqual({
      text: 'a',
      whole: 7,
      half: 0.5,
      yes: true,
      list: [1, 2],
    });
  });

  it('joins OTLP log records, gzipped ones too', async () => {
    const record = {
      timeUnixNano: '1700000000000000000',
      severityNumber: 13,
      body: { stringValue: 'slow shard' },
      traceId: LINKED.traceId,
      spanId: LINKED.spanId,
    };
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const init = { method: 'POST', headers, body: gzipSync(body) };
    const response = await fetch(`${http}/v1/logs`, init);
    expect(response.status).toBe(200);
    const { traceId, spanId } = LINKED;
    const expected = { traceId, spanId, severity: 'WARN', message: 'slow shard' };
    expect(received(app).logs).toMatchObject([expected]);
  });

  it.each([
    ['application/json', '{"half":', 400],
    ['application/x-protobuf', '\u0001\u0002\u0003', 400],
    ['application/json', '{"resourceSpans":[{"scopeSpans":[{"spans":[{}]}]}]}', 400],
    ['text/plain', 'hello', 415],
  ])('answers %s %j with %i and goes on serving', async (type, body, status) => {
    const init = { method: 'POST', headers: { 'content-type': type }, body };
    const response = await fetch(`${http}/v1/traces`, init);
    expect(response.status).toBe(status);
    await send(new ProtobufExporter({ url: `${http}/v1/traces` }));
    expect(received(app).spans).toHaveLength(1);
  });

  it('says which option to change when a port is taken', async () => {
    const taken = { ...OPTIONS, httpPort: app.get(HttpReceiver).port };
    const second = await receiving(taken);
    await expect(second.init()).rejects.toThrow(
      'Give another with --port, "auto" for the next free one, 0 for any',
    );
  });
});

function receiving(options: ViewerOptions): Promise<TestingModule> {
  const given = { provide: VIEWER_OPTIONS, useValue: options };
  return Test.createTestingModule({ providers: [given, ...RECEIVING] }).compile();
}

async function send(exporter: SpanExporter): Promise<{ traceId: string; spanId: string }> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'sender' }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const attributes = { text: 'a', whole: 7, half: 0.5, yes: true, list: [1, 2] };
  const options = {
    kind: 2,
    startTime: 1_700_000_000_000,
    attributes,
    links: [{ context: LINKED }],
  };
  const span = provider.getTracer('test').startSpan('work', options);
  span.addEvent('retry', { attempt: 2 });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'failed' });
  span.end(1_700_000_000_250);
  await provider.shutdown();
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId };
}

function received(app: TestingModule): {
  spans: readonly ReceivedSpan[];
  logs: readonly ReceivedLog[];
} {
  const traces: { spans: readonly ReceivedSpan[]; logs: readonly ReceivedLog[] }[] = [];
  const assembler = app.get(TraceAssembler);
  assembler.finished.subscribe((trace) => traces.push(trace));
  assembler.flush();
  return {
    spans: traces.flatMap(({ spans }) => spans),
    logs: traces.flatMap(({ logs }) => logs),
  };
}
