import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject, Injectable, Logger, Param } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { LoggerModule, Logger as PinoLogger } from 'nestjs-pino';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { Detached, Traced, TracingModule } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { PLATFORMS, captureLog, serve } from './support/app.js';

const spans = recordSpans();

/** nestjs-pino keeps the first stream of the process for lines outside of a request. */
const pinoLines: string[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  spans.reset();
});

afterAll(() => spans.stop());

@Injectable()
class Audits {
  @Detached({ name: 'audit', attributes: (key: string) => ({ 'audit.key': key }) })
  async write(key: string): Promise<void> {
    await sleep(50);
    if (key === 'user:0') throw new Error('no such user');
  }
}

@Controller()
class Requests {
  readonly #audits: Audits;

  constructor(@Inject(Audits) audits: Audits) {
    this.#audits = audits;
  }

  @Get(':key')
  @Traced<[string], unknown>({
    name: 'handle_request',
    attributes: (key: string) => ({ 'request.key': key }),
  })
  async handle(@Param('key') key: string): Promise<number[]> {
    await sleep(2);
    const shards = await Promise.all([0, 1, 2].map((shard) => this.queryShard(shard)));
    void this.#audits.write(key);
    return shards;
  }

  @Traced({ name: 'query_shard', attributes: (shard: number) => ({ 'db.shard': shard }) })
  async queryShard(shard: number): Promise<number> {
    await sleep(5);
    return shard;
  }
}

describe.each(PLATFORMS)('detached audit on %s', (platform) => {
  it('D2 stands alone on its own trace, while the shards nest under the request', async () => {
    const { app, url } = await serve(platform, {
      imports: [TracingModule.forRoot({ http: false })],
      controllers: [Requests],
      providers: [Audits],
    });
    const response = await fetch(`${url}/user:42`);
    expect(await response.json()).toEqual([0, 1, 2]);
    expect(spans.named('audit')).toEqual([]);
    await app.close();
    expect(spans.tree({ attributes: ['request.key', 'db.shard', 'audit.key'] })).toBe(
      [
        'handle_request request.key=user:42',
        '  query_shard db.shard=0',
        '  query_shard db.shard=1',
        '  query_shard db.shard=2',
        'audit audit.key=user:42 link=handle_request',
      ].join('\n'),
    );
    const [audit, request] = [spans.one('audit'), spans.one('handle_request')];
    expect(audit.spanContext().traceId).not.toBe(request.spanContext().traceId);
    expect(audit.parentSpanContext).toBeUndefined();
  });

  it('D5 fails alone: the request is answered, one line of the log carries the trace id', async () => {
    const log = captureLog();
    const { app, url } = await serve(platform, {
      imports: [TracingModule.forRoot({ http: false })],
      controllers: [Requests],
      providers: [Audits],
    });
    expect((await fetch(`${url}/user:0`)).status).toBe(200);
    await app.close();
    const { traceId } = spans.one('audit').spanContext();
    const text = `Detached task "audit" failed (trace ${traceId}): Error: no such user`;
    expect(log.filter((line) => line.text.includes('"audit"'))).toEqual([{ text, traceId }]);
    expect(spans.tree()).toContain('audit status=ERROR link=handle_request');
  });

  it('D4 D5 logs in the detached trace through nestjs-pino', async () => {
    pinoLines.length = 0;
    const stream = { write: (line: string) => void pinoLines.push(line) };
    const mixin = (): object => ({ trace_id: trace.getActiveSpan()?.spanContext().traceId });
    const { app, url } = await serve(platform, {
      imports: [
        TracingModule.forRoot({ http: false }),
        LoggerModule.forRoot({ pinoHttp: [{ mixin, autoLogging: false }, stream] }),
      ],
      controllers: [Requests],
      providers: [Audits],
    });
    app.useLogger(app.get(PinoLogger));
    await fetch(`${url}/user:0`);
    await app.close();
    Logger.overrideLogger(false);
    const failed = pinoLines.filter((line) => line.includes('no such user'));
    expect(failed.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { trace_id: spans.one('audit').spanContext().traceId, context: 'Detached' },
    ]);
  });
});
