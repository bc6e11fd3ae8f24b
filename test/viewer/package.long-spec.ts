import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId, protobufTrace } from './support/messages.js';
import { requestOf, spanOf } from './support/otlp.js';
import { callGrpc } from './support/grpc-caller.js';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('../../apps/viewer', import.meta.url));

describe('P22 the packed viewer, in an empty folder, by plain Node', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'viewer-package-'));
    await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: PACKAGE });
    const [tarball] = await readdir(folder);
    expect((await stat(join(folder, tarball!))).size).toBeLessThan(1_500_000);
    await run('npm', ['init', '-y'], { cwd: folder });
    // Offline: whatever it needed would have to come from somewhere.
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball!], {
      cwd: folder,
    });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('brings nothing with it but itself', async () => {
    const installed = await readdir(join(folder, 'node_modules'));
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['nestjs-tracing-viewer']);
  });

  it('receives both ways and shows the page and the trace', async () => {
    const bin = join(folder, 'node_modules/.bin/nestjs-tracing-viewer');
    const child = spawn(bin, ['--port', '0', '--grpc-port', '0'], { cwd: folder, stdio: 'pipe' });
    try {
      const lines: string[] = [];
      let ports: string[] | undefined;
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        ports = /gRPC on (\d+), HTTP on (\d+)/.exec(line)?.slice(1);
        if (ports) break;
      }
      const [grpc, http] = ports!.map(Number);
      expect(lines[0]).toBe(`traces: http://localhost:${http}`);
      const address = `http://127.0.0.1:${http}`;
      const traceId = freshTraceId();
      const sent = await fetch(`${address}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: requestOf('packed', [spanOf(traceId, [1, 0, 0, 5])]),
      });
      expect(sent.status).toBe(200);
      expect(await callGrpc(grpc!, protobufTrace('by gRPC'))).toBe('OK');
      const trace = (await (await fetch(`${address}/api/traces/${traceId}`)).json()) as object;
      expect(trace).toMatchObject({ traceId, services: [{ name: 'packed' }] });
      const taken = await fetch(`${address}/api/import`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: requestOf('file', [spanOf(freshTraceId(), [1, 0, 0, 5])]),
      });
      expect(await taken.json()).toMatchObject({ traces: 1, spans: 1 });
      const page = await (await fetch(address)).text();
      const [, script] = /src="(\/[^"]+\.js)"/.exec(page)!;
      expect((await fetch(address + script)).status).toBe(200);
    } finally {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }
  });
});
