import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Traced, TracingService } from 'nestjs-tracing';
import { withTraceContext } from 'nestjs-tracing/pino';
import { describe, expect, it } from 'vitest';
import { PLATFORMS } from './support/log-app.js';
import type { LogApp, LogAppOptions } from './support/log-app.js';
import { idsOf, occurrences, ZEROS } from './support/trace-ids.js';
import { useLogApp } from './support/use-log-app.js';

const { spans, start: startOn } = useLogApp();

describe.each(PLATFORMS)('log records, on %s', (platform) => {
  const start = async (
    controller: new (...args: never[]) => object,
    options: Partial<LogAppOptions> = {},
  ): Promise<LogApp> => {
    return startOn(platform, {
      params: (stream) => withTraceContext({ pinoHttp: { stream } }),
      controllers: [controller],
      ...options,
    });
  };

  it('L1 carry the ids of their span, and zeros outside of any', async () => {
    @Controller()
    class LookupController {
      constructor(readonly logger: PinoLogger) {}

      @Get('lookup')
      @Traced('handle')
      lookup(): string {
        this.logger.info('inside');
        return 'found';
      }
    }
    const app = await start(LookupController);
    await app.get('/lookup');
    const inside = await app.line('inside');
    expect(inside).toMatchObject(idsOf(spans.one('handle')));
    expect(inside).toMatchObject({ req: { url: '/lookup' } });
    expect(occurrences(inside)).toEqual([1, 1, 1]);
    app.nest.get(LookupController).logger.info('outside');
    expect(await app.line('outside')).toMatchObject(ZEROS);
  });

  it('L2 carry the innermost span across awaits, timers, streams and emitters', async () => {
    @Controller()
    class StepsController {
      constructor(
        readonly logger: PinoLogger,
        readonly tracing: TracingService,
      ) {}

      @Get('steps')
      @Traced('handle')
      async steps(): Promise<string> {
        await this.tracing.span('awaited', async () => {
          await sleep(1);
          this.logger.info('after an await');
        });
        this.logger.info('back outside');
        await this.tracing.span('timed', () => this.timed());
        await this.tracing.span('streamed', () => this.streamed());
        await this.tracing.span('emitted', () => this.emitted());
        return 'done';
      }

      private async timed(): Promise<void> {
        await new Promise<void>((resolve) => {
          setTimeout(() => {
            setImmediate(() => {
              this.logger.info('in a timer');
              resolve();
            });
          }, 1);
        });
      }

      private async streamed(): Promise<void> {
        await pipeline(Readable.from(['a', 'b']), async (chunks: AsyncIterable<string>) => {
          for await (const chunk of chunks) this.logger.info(`chunk ${chunk}`);
        });
      }

      private async emitted(): Promise<void> {
        const emitter = new EventEmitter();
        const bound = this.tracing.bind(() => this.logger.info('in a bound callback'));
        emitter.on('event', bound);
        const elsewhere = this.tracing.span('elsewhere', async () => {
          await sleep(1);
          emitter.emit('event');
        });
        await Promise.all([elsewhere, once(emitter, 'event')]);
      }
    }
    const app = await start(StepsController);
    await app.get('/steps');
    const spanOf = {
      'after an await': 'awaited',
      'back outside': 'handle',
      'in a timer': 'timed',
      'chunk a': 'streamed',
      'chunk b': 'streamed',
      'in a bound callback': 'emitted',
    };
    for (const [msg, name] of Object.entries(spanOf)) {
      expect(await app.line(msg), msg).toMatchObject(idsOf(spans.one(name)));
    }
  });

  it('L2 keep 100 concurrent requests apart', async () => {
    @Controller()
    class RaceController {
      constructor(
        readonly logger: PinoLogger,
        readonly tracing: TracingService,
      ) {}

      @Get('race')
      async race(): Promise<void> {
        const worker = (id: number) =>
          this.tracing.span('worker', async (span) => {
            await sleep(Math.random() * 5);
            this.logger.info({ expected: span.spanContext().spanId }, `worker ${id}`);
          });
        await Promise.all([1, 2, 3].map(worker));
      }
    }
    const app = await start(RaceController);
    await Promise.all(Array.from({ length: 100 }, () => app.get('/race')));
    const lines = app.lines.filter(({ msg }) => msg.startsWith('worker'));
    expect(lines).toHaveLength(300);
    expect(lines.filter((line) => line.span_id !== line['expected'])).toEqual([]);
  });

  it('L1 carry the ids with forRootAsync as well', async () => {
    @Controller()
    class LookupController {
      constructor(readonly logger: PinoLogger) {}

      @Get('lookup')
      @Traced('handle')
      lookup(): void {
        this.logger.info('inside');
      }
    }
    const app = await start(LookupController, { async: true });
    await app.get('/lookup');
    expect(await app.line('inside')).toMatchObject(idsOf(spans.one('handle')));
  });
});
