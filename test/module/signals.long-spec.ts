import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OtlpCollector } from '../support/otlp-collector.js';

const server = fileURLToPath(new URL('fixtures/server.mjs', import.meta.url));

let collector: OtlpCollector;
beforeAll(async () => {
  collector = await OtlpCollector.start();
});
afterEach(() => collector.reset());
afterAll(() => collector.close());

describe.each(['Express', 'Fastify'])('a signal, with shutdown hooks, on %s', (platform) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`${signal} lets the requests finish, then exports their spans, then ends the process by itself`, async () => {
      const child = spawn(process.execPath, [server, platform, collector.url]);
      const ended = once(child, 'exit');
      const errors: string[] = [];
      child.stderr.on('data', (data) => errors.push(String(data)));
      const [ready] = (await once(child.stdout, 'data')) as [Buffer];
      let said = '';
      child.stdout.on('data', (data) => (said += String(data)));
      const url = `http://127.0.0.1:${String(ready).trim().split(' ')[1]}`;
      const requests = Array.from({ length: 5 }, () =>
        fetch(url, { headers: { connection: 'close' } }).then((response) => response.status),
      );
      await vi.waitFor(() => expect(said.match(/arrived/g)).toHaveLength(5), 5000);
      child.kill(signal);
      expect(await Promise.all(requests)).toEqual(Array(5).fill(200));
      expect(await ended).toEqual([null, signal]);
      expect(collector.named('slow')).toHaveLength(5);
      expect(errors.join('')).toBe('');
    });
  }
});
