import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callGrpc } from './support/grpc-caller.js';
import { protobufTrace, span, traces } from './support/messages.js';
import { ViewerProcess } from './support/viewer-process.js';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('who may send', () => {
  let viewer: ViewerProcess;

  beforeAll(async () => {
    viewer = await ViewerProcess.start();
  });

  afterAll(() => viewer.stop());

  it.each([
    ['localhost', 200],
    ['LOCALHOST:4318', 200],
    ['viewer.localhost:4318', 200],
    ['127.0.0.1:4318', 200],
    ['127.9.9.9', 200],
    ['[::1]:4318', 200],
    ['evil.example:4318', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['evil.example@localhost', 403],
    ['notlocalhost', 403],
    ['192.168.0.7:4318', 403],
    ['0.0.0.0', 403],
  ])('over HTTP to the host %s: %i', async (host, status) => {
    const headers = { ...JSON_TYPE, host };
    expect((await viewer.post('/v1/traces', traces(span()), headers)).status).toBe(status);
    expect((await viewer.send({ path: '/stats', headers: { host } })).status).toBe(status);
  });

  it.each([
    ['http://localhost:3000', 200],
    ['http://127.0.0.1:4318', 200],
    ['http://evil.example', 403],
    ['https://localhost.evil.example', 403],
    ['null', 403],
    ['', 403],
  ])('over HTTP from the page %j: %i', async (origin, status) => {
    const headers = { ...JSON_TYPE, origin };
    expect((await viewer.post('/v1/traces', traces(span()), headers)).status).toBe(status);
  });

  it.each([
    ['localhost:4317', 'OK'],
    ['127.0.0.1:4317', 'OK'],
    ['evil.example:4317', 'PERMISSION_DENIED'],
  ])('over gRPC to the authority %s: %s', async (authority, status) => {
    expect(await callGrpc(viewer.grpc, protobufTrace('x'), { authority })).toBe(status);
  });

  it('counts them', async () => {
    expect((await viewer.stats()).refused['forbidden_caller']).toBeGreaterThan(15);
  });

  it('is under any name who only sends, when a host was given', async () => {
    const open = await ViewerProcess.start('--host', '127.0.0.1');
    try {
      const headers = { ...JSON_TYPE, host: 'viewer:4318' };
      expect((await open.post('/v1/traces', traces(span()), headers)).status).toBe(200);
      const foreign = { ...headers, origin: 'http://evil.example' };
      expect((await open.post('/v1/traces', traces(span()), foreign)).status).toBe(403);
      const rebound = { ...headers, host: 'evil.example', origin: 'http://evil.example' };
      expect((await open.post('/v1/traces', traces(span()), rebound)).status).toBe(403);
      const authority = 'viewer:4317';
      expect(await callGrpc(open.grpc, protobufTrace('x'), { authority })).toBe('OK');
    } finally {
      await open.stop();
    }
  });

  it.each<[string, string, string, number]>([
    ['GET', '/v1/traces', 'application/json', 405],
    ['PUT', '/v1/logs', 'application/json', 405],
    ['POST', '/v1/trace', 'application/json', 404],
    ['POST', '/../v1/traces', 'application/json', 404],
    ['POST', '/stats', 'application/json', 404],
    ['POST', '/v1/traces', 'text/plain', 415],
    ['POST', '/v1/traces', '', 415],
    ['POST', '/v1/traces', 'application/json; charset=utf-8', 200],
    ['POST', '/v1/traces', 'Application/JSON', 200],
  ])('answers %s %s of type %j with %i', async (method, path, type, status) => {
    const headers = { 'content-type': type };
    const answer = await viewer.send({ method, path, headers }, method === 'GET' ? '' : '{}');
    expect(answer.status).toBe(status);
    if (status !== 200) expect(JSON.parse(answer.body)).toHaveProperty('message');
  });

  it.each(['/', '/v1/trace', '/traces'])(
    'names the paths of OTLP to who sends to %s',
    async (path) => {
      const headers = { 'content-type': 'application/x-protobuf' };
      const answer = await viewer.send({ method: 'POST', path, headers }, protobufTrace('x'));
      expect(answer.status).toBe(404);
      expect(answer.body).toContain('/v1/traces');
    },
  );

  it('answers unknown gRPC methods', async () => {
    const path = '/some.Service/Method';
    expect(await callGrpc(viewer.grpc, protobufTrace('x'), { path })).toBe('UNIMPLEMENTED');
  });
});
