import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TracingApp } from '../../support/tracing-app.js';
import { OpenSpansRig, openWork, PATIENT } from '../support/open-spans-rig.js';

const LEFT_OPEN = fileURLToPath(new URL('../fixtures/left-open.mjs', import.meta.url));

let rig: OpenSpansRig;
let app: TracingApp | undefined;

beforeAll(async () => {
  rig = await OpenSpansRig.start();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});
afterAll(() => rig.stop());

describe('P25 open spans of our module', () => {
  it('go to the page of the viewer that OTLP goes to over HTTP', async () => {
    app = await TracingApp.start({ exporter: 'otlp-http', endpoint: rig.http, viewer: true });
    const { traceId, end } = openWork(app);
    const isOpen = { 'GET /report': 'open', 'write report': 'open' };
    await expect.poll(() => rig.stateOf(traceId), PATIENT).toMatchObject(isOpen);
    await end();
    const hasEnded = { 'GET /report': 'ended', 'write report': 'ended', 'read carts': 'ended' };
    await expect.poll(() => rig.stateOf(traceId), PATIENT).toEqual(hasEnded);
  });

  it('are told to nobody without the option', async () => {
    app = await TracingApp.start({ exporter: 'otlp-http', endpoint: rig.http });
    const { traceId, end } = openWork(app);
    // With the option they would have been told twice by then.
    await setTimeout(2_500);
    await app.tracing.flush();
    expect(await rig.stateOf(traceId)).toMatchObject({ 'read carts': 'ended' });
    expect(Object.values(await rig.stateOf(traceId))).not.toContain('open');
    await end();
  });

  it('meet no viewer, which is no fault, until one comes', async () => {
    const port = await freePort();
    const viewer = { endpoint: `http://localhost:${port}` };
    app = await TracingApp.start({ exporter: 'otlp-http', endpoint: rig.http, viewer });
    const { traceId, end } = openWork(app);
    await setTimeout(1_500);
    const late = await OpenSpansRig.start('--http-port', String(port));
    await expect
      .poll(() => late.stateOf(traceId), PATIENT)
      .toMatchObject({ 'GET /report': 'open' });
    await end();
    expect(app.problems).toEqual([]);
    await late.stop();
  });

  it('end with the application that leaves them open', async () => {
    app = await TracingApp.start({ exporter: 'otlp-http', endpoint: rig.http, viewer: true });
    const { traceId } = trace.getTracer('test').startSpan('never ended').spanContext();
    await expect.poll(() => rig.stateOf(traceId), PATIENT).toEqual({ 'never ended': 'open' });
    await app.close();
    app = undefined;
    await expect.poll(() => rig.stateOf(traceId), PATIENT).toEqual({ 'never ended': 'ended' });
  });
});

describe('P25 a process with open spans', () => {
  it('ends when it has nothing left to do, and its spans with it', async () => {
    const { child, traceId } = await leaveOpen();
    const ended = once(child, 'exit');
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
    await expect.poll(() => rig.stateOf(traceId), PATIENT).toEqual({ 'left open': 'ended' });
  });

  it('is shown with them for half a minute after it was killed', async () => {
    const { child, traceId } = await leaveOpen();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await rig.stateOf(traceId)).toEqual({ 'left open': 'open' });
    await expect.poll(() => rig.stateOf(traceId), { ...PATIENT, timeout: 60_000 }).toEqual({});
  });
});

/** A process whose span the viewer shows. */
async function leaveOpen() {
  const child = spawn(process.execPath, [LEFT_OPEN, rig.http], { stdio: 'pipe' });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const traceId = line.toString().trim();
  await expect.poll(() => rig.stateOf(traceId), PATIENT).toEqual({ 'left open': 'open' });
  return { child, traceId };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
