import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { SpanStatusCode, diag } from '@opentelemetry/api';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runGroup } from '../../libs/tracing/src/group/run-group.js';
import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';
import { useBattery } from './support/battery.js';
import { connect, postgresEngine } from './support/engine.js';
import { untilClosed } from './support/until-closed.js';

const SLEEP = 'SELECT pg_sleep(20)';
const ROWS = 'SELECT n FROM generate_series(1, 100000) n';

describeWithService(await findPostgres(), 'What is called off on PostgreSQL', () => {
  const battery = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));
  let dataSource: DataSource;
  beforeEach(async () => {
    dataSource = await connect(battery.engine);
    battery.spans.reset();
  });
  afterEach(() => dataSource.destroy());

  /** Sleeps in the database until the signal has the server cancel it. */
  async function sleepUntil(signal: AbortSignal): Promise<void> {
    const runner = dataSource.createQueryRunner();
    const [{ pid }] = (await runner.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
    let cancelling: Promise<unknown> | undefined;
    signal.addEventListener('abort', () => {
      cancelling = dataSource.query(`SELECT pg_cancel_backend(${pid})`);
    });
    try {
      await runner.query(SLEEP);
    } finally {
      await cancelling;
      await runner.release();
    }
  }

  async function failSoon(): Promise<never> {
    await delay(200);
    throw new Error('the sibling failed');
  }

  const sleeping = () =>
    battery.spans.finished.find(({ attributes }) =>
      String(attributes['db.query.text']).includes('pg_sleep'),
    )!;

  it('leaves a statement UNSET that the server cancelled for a cancelled group', async () => {
    const group = runGroup('g', {}, (g) => {
      void g.spawn('sleep', ({ signal }) => sleepUntil(signal)).catch(() => undefined);
      return g.spawn('fail', failSoon);
    });
    await expect(group).rejects.toThrow('the sibling failed');
    const { status, attributes } = sleeping();
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes['error.type']).toBeUndefined();
    expect(attributes).toMatchObject({
      'async.task.outcome': 'cancelled',
      'async.task.cancel.reason': expect.stringContaining('the sibling failed'),
    });
  });

  it('leaves a statement UNSET whose runner was released when the group was cancelled', async () => {
    const runner = dataSource.createQueryRunner();
    const group = runGroup('g', {}, (g) => {
      const work = async (signal: AbortSignal) => {
        signal.addEventListener('abort', () => void runner.release());
        await delay(400);
        await runner.query('SELECT 7');
      };
      void g.spawn('work', ({ signal }) => work(signal)).catch(() => undefined);
      return g.spawn('fail', failSoon);
    });
    await expect(group).rejects.toThrow('the sibling failed');
    const { status, attributes } = battery.spans.one('SELECT');
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes['async.task.outcome']).toBe('cancelled');
  });

  it('is an error if the deadline of the group has passed', async () => {
    const group = runGroup('g', { timeoutMillis: 200 }, (g) =>
      g.spawn('sleep', ({ signal }) => sleepUntil(signal)),
    );
    await expect(group).rejects.toThrow();
    expect(sleeping().status.code).toBe(SpanStatusCode.ERROR);
    expect(sleeping().attributes['error.type']).toBe('57014');
  });

  it('is an error if the server has a time-out, whatever was called off around it', async () => {
    const group = runGroup('g', {}, (g) => {
      const work = async () => {
        const runner = dataSource.createQueryRunner();
        await runner.query('SET statement_timeout = 500');
        await runner.query(SLEEP).finally(() => runner.query('RESET statement_timeout'));
      };
      void g.spawn('work', work).catch(() => undefined);
      return g.spawn('fail', failSoon);
    });
    await expect(group).rejects.toThrow('the sibling failed');
    expect(sleeping().status.code).toBe(SpanStatusCode.ERROR);
  });

  it('is an error if a statement is issued on a released runner and nothing was called off', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.release();
    await expect(runner.query('SELECT 7')).rejects.toThrow('released');
    expect(battery.spans.one('SELECT').status.code).toBe(SpanStatusCode.ERROR);
  });

  async function streamEndedBy(end: (stream: Readable) => void): Promise<void> {
    const runner = dataSource.createQueryRunner();
    const stream = (await runner.stream(ROWS)) as unknown as Readable;
    stream.once('data', () => end(stream));
    stream.on('error', () => undefined);
    await untilClosed(stream);
    await runner.release();
  }

  const streamed = () => battery.spans.one('SELECT generate_series');

  it('leaves a stream UNSET, and says that it was called off, however it was', async () => {
    const ends: ((stream: Readable) => void)[] = [
      (stream) => void stream.destroy(),
      (stream) => void addAbortSignal(AbortSignal.abort(), stream),
      (stream) => void addAbortSignal(AbortSignal.abort(new Error('gone')), stream),
    ];
    for (const end of ends) {
      battery.spans.reset();
      await streamEndedBy(end);
      expect(streamed().status.code).toBe(SpanStatusCode.UNSET);
      expect(streamed().attributes['error.type']).toBeUndefined();
      expect(streamed().attributes['async.task.outcome']).toBe('cancelled');
    }
  });

  it('is an error if a stream has a deadline, or is destroyed with an error', async () => {
    for (const end of [
      (stream: Readable) => void addAbortSignal(AbortSignal.timeout(1), stream),
      (stream: Readable) => void stream.destroy(new Error('broken')),
    ]) {
      battery.spans.reset();
      await streamEndedBy(end);
      expect(streamed().status.code).toBe(SpanStatusCode.ERROR);
    }
  });

  it('says nothing of the kind of a stream that ended', async () => {
    const warn = vi.spyOn(diag, 'warn');
    await streamEndedBy(() => undefined);
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();
    expect(streamed().attributes['async.task.outcome']).toBeUndefined();
  });
});
