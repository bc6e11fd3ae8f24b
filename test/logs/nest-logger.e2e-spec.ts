import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Logger as NestLogger } from '@nestjs/common';
import { InjectPinoLogger, Logger, NativeLogger, PinoLogger } from 'nestjs-pino';
import type { Params } from 'nestjs-pino';
import { Traced, TracingService } from 'nestjs-tracing';
import { withTraceContext } from 'nestjs-tracing/pino';
import { describe, expect, it } from 'vitest';
import { PLATFORMS } from './support/log-app.js';
import type { LogApp } from './support/log-app.js';
import { idsOf, occurrences } from './support/trace-ids.js';
import { useLogApp } from './support/use-log-app.js';

const { spans, start: startOn } = useLogApp();

describe.each(PLATFORMS)("nestjs-pino's own features, on %s", (platform) => {
  const start = async (
    controller: new (...args: never[]) => object,
    http: Exclude<Params['pinoHttp'], unknown[]> = {},
  ): Promise<LogApp> => {
    return startOn(platform, {
      params: (stream) => withTraceContext({ pinoHttp: { stream, ...http } }),
      controllers: [controller],
    });
  };

  it('L4 keep mixin, formatters, redaction and the bindings of assign()', async () => {
    @Controller()
    class LookupController {
      constructor(
        @InjectPinoLogger('Lookups') readonly logger: PinoLogger,
        readonly tracing: TracingService,
      ) {}

      @Get('lookup')
      @Traced('handle')
      lookup(): string {
        this.logger.assign({ user: 7 });
        this.tracing.span('query', () => this.logger.info({ password: 'x' }, 'assigned'));
        return 'found';
      }
    }
    const app = await start(LookupController, {
      mixin: (_record, level) => ({ numeric: level }),
      formatters: { level: (severity) => ({ severity }) },
      redact: ['password'],
    });
    await app.get('/lookup');
    const assigned = await app.line('assigned');
    expect(assigned).toMatchObject({
      ...idsOf(spans.one('query')),
      severity: 'info',
      numeric: 30,
      password: '[Redacted]',
      user: 7,
      context: 'Lookups',
    });
    expect(occurrences(assigned)).toEqual([1, 1, 1]);
  });

  it.each([
    ['Logger', Logger],
    ['NativeLogger', NativeLogger],
  ])("L5 carry the ids when they come from Nest's own Logger through %s", async (_, token) => {
    @Controller()
    class LookupController {
      readonly logger = new NestLogger('LookupController');

      @Get('lookup')
      @Traced('handle')
      async lookup(): Promise<string> {
        await sleep(1);
        this.logger.warn('from Nest');
        return 'found';
      }
    }
    const app = await start(LookupController);
    app.nest.useLogger(app.nest.get(token));
    await app.get('/lookup');
    const line = await app.line('from Nest');
    expect(line).toMatchObject({ ...idsOf(spans.one('handle')), context: 'LookupController' });
    expect(occurrences(line)).toEqual([1, 1, 1]);
    NestLogger.overrideLogger(false);
  });

  it('L5 carry the ids of the failing request when Nest logs an exception', async () => {
    @Controller()
    class FailingController {
      @Get('failing')
      failing(): never {
        throw new Error('nobody catches this');
      }
    }
    const app = await start(FailingController);
    app.nest.useLogger(app.nest.get(Logger));
    await app.get('/failing');
    const line = await app.line('nobody catches this');
    await expect.poll(() => spans.named('SERVER /failing').length).toBe(1);
    expect(line).toMatchObject(idsOf(spans.one('SERVER /failing')));
    NestLogger.overrideLogger(false);
  });
});
