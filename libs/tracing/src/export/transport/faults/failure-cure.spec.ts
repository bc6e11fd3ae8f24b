import { describe, expect, it } from 'vitest';
import { cureOf, shownEndpoint } from './failure-cure.js';

const grpc = { protocol: 'otlp-grpc', endpoint: 'http://x:4318' } as const;
const http = { protocol: 'otlp-http', endpoint: 'http://x:4317/v1/traces' } as const;

describe('what is likely to help', () => {
  it('is the other protocol on its well-known port', () => {
    const cut = { cause: 'silent', reason: 'ECONNRESET' } as const;
    expect(cureOf(cut, grpc)).toBe(
      "port 4318 is OTLP/HTTP: set the option exporter to 'otlp-http', or correct the endpoint",
    );
    expect(cureOf(cut, http)).toMatch(/^port 4317 is OTLP\/gRPC: .*'otlp-grpc'/);
    expect(cureOf(cut, { ...grpc, endpoint: 'x:4317' })).toBeUndefined();
  });

  it.each([
    ['unreachable', 'UNAVAILABLE: ECONNREFUSED', /nothing listens there/],
    ['unreachable', 'ENOTFOUND', /name is not known/],
    ['unreachable', 'SELF_SIGNED_CERT_IN_CHAIN', /option tls/],
    ['foreign', 'HTTP 200 with text/html', /is no OTLP\/gRPC/],
    ['response', 'UNAUTHENTICATED: no', /option headers/],
    ['response', 'UNIMPLEMENTED', /takes no traces/],
  ] as const)('depends on the fault: %s, %s', (cause, reason, cure) => {
    const destination = { protocol: 'otlp-grpc', endpoint: 'http://x:9' } as const;
    expect(cureOf({ cause, reason }, destination)).toMatch(cure);
  });
});

describe('nobody on this machine', () => {
  const refused = { cause: 'unreachable', reason: 'ECONNREFUSED' } as const;

  it.each([
    ['otlp-grpc', 'http://localhost:4317', 'npx nestjs-tracing-viewer,'],
    ['otlp-grpc', '127.0.0.1:4317', 'npx nestjs-tracing-viewer,'],
    ['otlp-http', 'http://[::1]:4318/v1/traces', 'npx nestjs-tracing-viewer,'],
    ['otlp-grpc', 'http://localhost:9317', 'npx nestjs-tracing-viewer --grpc-port 9317,'],
    ['otlp-http', 'http://localhost:9318/v1/traces', 'npx nestjs-tracing-viewer --port 9318,'],
  ] as const)('names the command that listens there: %s to %s', (protocol, endpoint, command) => {
    expect(cureOf(refused, { protocol, endpoint })).toContain(command);
  });

  it('is not said of another machine', () => {
    const destination = { protocol: 'otlp-grpc', endpoint: 'http://collector:4317' } as const;
    expect(cureOf(refused, destination)).not.toContain('npx');
  });
});

it('an endpoint is shown without what is secret in it', () => {
  expect(shownEndpoint('https://us3r:p4ss@x:4318/v1/traces?key=1')).toBe(
    'https://x:4318/v1/traces',
  );
  expect(shownEndpoint('http://x:4317')).toBe('http://x:4317');
  expect(shownEndpoint('x:4317')).toBe('x:4317');
});
