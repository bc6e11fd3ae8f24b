import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Global, Inject, Module } from '@nestjs/common';
import type {
  BeforeApplicationShutdown,
  INestApplication,
  OnApplicationShutdown,
} from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { PLATFORMS, captureLog, serve } from './support/app.js';
import type { Platform } from './support/app.js';
import { OtlpCollector } from '../support/otlp-collector.js';

const REQUESTS = 100;
const TASKS = 50;

let collector: OtlpCollector;

beforeAll(async () => {
  collector = await OtlpCollector.start();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  collector.spans.length = 0;
});

afterAll(() => collector.close());

@Controller()
class Requests {
  readonly #tracing: TracingService;

  constructor(@Inject(TracingService) tracing: TracingService) {
    this.#tracing = tracing;
  }

  @Get()
  handle(): Promise<string> {
    return this.#tracing.span('request', async () => {
      await sleep(300);
      this.#tracing.detach('from request', () => sleep(50));
      return 'done';
    });
  }
}

/** A global module, as those of databases are: what it notes is when such a module stops. */
@Global()
@Module({})
class DatabaseModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #tracing: TracingService;
  runningBefore = NaN;
  runningAtStop = NaN;

  constructor(@Inject(TracingService) tracing: TracingService) {
    this.#tracing = tracing;
  }

  beforeApplicationShutdown(): void {
    this.runningBefore = this.#tracing.stats().detached.running;
  }

  onApplicationShutdown(): void {
    this.runningAtStop = this.#tracing.stats().detached.running;
  }
}

async function start(platform: Platform, options: TracingModuleOptions = {}) {
  const { app, url } = await serve(platform, {
    imports: [
      TracingModule.forRoot({ endpoint: collector.url, http: false, ...options }),
      DatabaseModule,
    ],
    controllers: [Requests],
  });
  return { app, url, tracing: app.get(TracingService) };
}

function get(url: string): Promise<string> {
  return fetch(url, { headers: { connection: 'close' } }).then((response) => response.text());
}

async function closed(app: INestApplication): Promise<number> {
  const begun = performance.now();
  await app.close();
  return performance.now() - begun;
}

/** Timers that keep the process alive. */
function countTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

describe.each(PLATFORMS)('app.close() on %s', (platform) => {
  it('D9 D10 under load loses no ended span, keeps the deadline and names the straggler', async () => {
    const log = captureLog();
    const timeoutMillis = 5000;
    const { app, url, tracing } = await start(platform, { shutdownTimeoutMillis: timeoutMillis });
    const answers = Array.from({ length: REQUESTS }, () => get(url));
    await sleep(150);
    const work = (spawns: boolean) => async (): Promise<void> => {
      await sleep(250);
      if (spawns) tracing.detach('spawned', () => sleep(250));
    };
    for (let task = 1; task < TASKS; task += 1) tracing.detach('task', work(task % 5 === 0));
    const ignoresSignal = tracing.detach('ignores its signal', () =>
      sleep(60_000, undefined, { ref: false }),
    );
    const took = await closed(app);

    expect(await Promise.all(answers)).toEqual(Array(REQUESTS).fill('done'));
    expect(took).toBeLessThan(timeoutMillis + 500);
    const counts = ['request', 'from request', 'task', 'spawned', 'ignores its signal'].map(
      (name) => collector.named(name).length,
    );
    expect(counts).toEqual([REQUESTS, REQUESTS, TASKS - 1, 9, 1]);
    const { spans, detached } = tracing.stats();
    expect(spans).toMatchObject({ started: 259, ended: 259, exported: 259, queued: 0 });
    expect(detached).toMatchObject({ running: 0, pending: 0, ended: { ok: 158, abandoned: 1 } });
    const [straggler] = collector.named('ignores its signal');
    expect(straggler?.attributes['async.task.outcome']).toBe('abandoned');
    expect(straggler?.status?.code).toBe('STATUS_CODE_ERROR');
    const named = log.filter((line) => line.text.includes('"ignores its signal" abandoned'));
    expect(named).toHaveLength(1);
    expect(named[0]?.text).toContain(ignoresSignal.traceId);
    await ignoresSignal.done;
  });

  it('D9 waits while the server still answers, and takes new work meanwhile', async () => {
    const { app, url, tracing } = await start(platform);
    let answer = '';
    tracing.detach('asks the server', async () => {
      await sleep(30);
      answer = await get(url);
    });
    await app.close();
    expect(answer).toBe('done');
    expect(collector.named('request')).toHaveLength(1);
    expect(collector.named('from request')).toHaveLength(1);
  });

  it('D9 is done before any global module stops', async () => {
    const { app, url, tracing } = await start(platform);
    tracing.detach('task', () => sleep(30));
    const answer = get(url);
    await sleep(100);
    await app.close();
    await answer;
    expect(app.get(DatabaseModule)).toMatchObject({ runningBefore: 0, runningAtStop: 0 });
    expect(collector.named('from request')).toHaveLength(1);
  });

  it('D11 drains once, whether it is called twice or while it drains, and refuses later work', async () => {
    const { app, tracing } = await start(platform);
    const task = tracing.detach('task', () => sleep(60));
    const first = app.close();
    await sleep(10);
    await Promise.all([first, app.close()]);
    await task.done;
    expect(collector.named('task')).toHaveLength(1);
    await app.close();
    expect(() => tracing.detach('late', () => undefined)).toThrow(
      'Detached task "late" was not started: the application is shutting down',
    );
    expect(tracing.stats().detached.refused).toBe(1);
  });
});

describe('a shutdown', () => {
  it('D9 lets tasks that obey their signal end by themselves, and names them', async () => {
    const log = captureLog();
    const { app, tracing } = await start('express', {
      shutdownTimeoutMillis: 500,
      detached: { maxConcurrent: 1 },
    });
    tracing.detach('obeys', ({ signal }) => sleep(60_000, undefined, { signal }));
    tracing.detach('waits', () => undefined);
    const timers = countTimers();
    expect(await closed(app)).toBeLessThan(1000);
    await expect.poll(countTimers, { timeout: 5000 }).toBeLessThanOrEqual(timers);
    const outcome = (name: string) => collector.named(name)[0]?.attributes['async.task.outcome'];
    expect([outcome('obeys'), outcome('waits')]).toEqual(['cancelled', 'not_started']);
    const [line] = log.filter(({ text }) => text.includes('Detached work was not done'));
    expect(line?.text).toMatch(/"obeys" cancelled .*; "waits" not started .*shutdownTimeoutMillis/);
  });

  it('D9 waits for what tasks detach one after the other, also after it takes no other work', async () => {
    const { app, tracing } = await start('express');
    const step = (left: number) => async (): Promise<void> => {
      await sleep(20);
      if (left > 0) tracing.detach(`step ${left - 1}`, step(left - 1));
    };
    tracing.detach('step 5', step(5));
    await app.close();
    expect(tracing.stats().detached).toMatchObject({ running: 0, refused: 0, ended: { ok: 6 } });
    expect(collector.named('step 0')).toHaveLength(1);
  });

  it('D9 holds without an SDK', async () => {
    vi.stubEnv('OTEL_SDK_DISABLED', 'true');
    const { app, tracing } = await start('express');
    const ended: string[] = [];
    const task = tracing.detach('task', async ({ signal, span }) => {
      expect([signal.aborted, span.isRecording()]).toEqual([false, false]);
      await sleep(30);
      await tracing.detach('spawned', () => void ended.push('spawned')).done;
      ended.push('task');
    });
    tracing.detach('fails', () => Promise.reject(new Error('no disk')));
    await app.close();
    expect(ended).toEqual(['spawned', 'task']);
    expect(task.traceId).toBe('0'.repeat(32));
    expect(tracing.stats().detached.ended).toMatchObject({ ok: 2, error: 1 });
    expect(() => tracing.detach('late', () => undefined)).toThrow('shutting down');
  });

  it('D9 drains before the flush where the module is not global', async () => {
    const { app } = await serve('express', {
      imports: [TracingModule.forRoot({ endpoint: collector.url, isGlobal: false })],
    });
    const tracing = app.get(TracingService);
    tracing.detach('task', async () => {
      await sleep(30);
      tracing.detach('spawned', () => sleep(30));
    });
    await app.close();
    expect(collector.named('spawned')).toHaveLength(1);
  });
});
