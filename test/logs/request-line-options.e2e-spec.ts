import type { Writable } from 'node:stream';
import { Controller, Get } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Params } from 'nestjs-pino';
import { traceMixin, withTraceContext } from 'nestjs-tracing/pino';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { LookupController } from './support/lookup.controller.js';
import { PLATFORMS } from './support/log-app.js';
import type { LogApp, LogAppOptions } from './support/log-app.js';
import { occurrences } from './support/trace-ids.js';
import { useLogApp } from './support/use-log-app.js';

const SERVER = 'SERVER /lookup';

const { start: startOn, idsOfSpan: server } = useLogApp();

describe.each(PLATFORMS)(
  "the line that closes a request, with options of one's own, on %s",
  (platform) => {
    const start = async (
      params: (stream: Writable) => Params,
      rest: Partial<LogAppOptions> = {},
    ): Promise<LogApp> => {
      return startOn(platform, {
        params,
        controllers: [LookupController],
        ...rest,
      });
    };

    it("L3, L4 keeps pino-http's own hooks working", async () => {
      const params = (stream: Writable) =>
        withTraceContext({
          pinoHttp: {
            stream,
            customProps: (req) => ({ path: req.url }),
            customSuccessObject: (_req, _res, record: object) =>
              Object.freeze({ ...record, custom: true }),
            customSuccessMessage: () => 'done',
            customReceivedMessage: () => 'received',
            customAttributeKeys: { res: 'response', responseTime: 'took' },
          },
        });
      const app = await start(params);
      await app.get('/lookup');
      const ids = await server(SERVER);
      const done = await app.line('done');
      expect(done).toMatchObject({ ...ids, path: '/lookup', custom: true });
      expect(done).toMatchObject({ response: { statusCode: 200 }, took: expect.any(Number) });
      expect(occurrences(done)).toEqual([1, 1, 1]);
      expect(await app.line('received')).toMatchObject(ids);
    });

    it.each([
      ['nothing', () => undefined],
      ['null', () => null],
    ])('L3 holds for a custom object that is %s', async (_, customSuccessObject) => {
      const app = await start((stream) =>
        withTraceContext({ pinoHttp: { stream, customSuccessObject } }),
      );
      await app.get('/lookup');
      const completed = await app.line('request completed');
      expect(completed).toMatchObject(await server(SERVER));
      expect(completed).not.toHaveProperty('responseTime');
    });

    it('L3, L4 holds under a merge strategy that prefers the mixin, a copying hook, and nestedKey', async () => {
      const params = (stream: Writable) =>
        withTraceContext({
          pinoHttp: {
            stream,
            nestedKey: 'payload',
            mixinMergeStrategy: (record, mixin) => ({ ...record, ...mixin }),
            hooks: {
              logMethod([record, ...rest], method) {
                const args = [
                  typeof record === 'object' ? { ...(record as object) } : record,
                  ...rest,
                ];
                Reflect.apply(method, this, args);
              },
            },
          },
        });
      const app = await start(params);
      await app.get('/lookup');
      const completed = await app.line('request completed');
      expect(completed['payload']).toMatchObject(await server(SERVER));
      expect(occurrences(completed)).toEqual([1, 1, 1]);
    });

    it('L3 holds for a logger of your own', async () => {
      const app = await start((stream) => withTraceContext({ pinoHttp: { logger: pino(stream) } }));
      await app.get('/lookup');
      expect(await app.line('request completed')).toMatchObject(await server(SERVER));
    });

    it('L3, L5 keeps the fields that PinoLogger.assign gave the response', async () => {
      @Controller()
      class AssigningController {
        constructor(private readonly logger: PinoLogger) {}

        @Get('lookup')
        lookup(): void {
          this.logger.assign({ user: 7 });
        }
      }
      const app = await start(
        (stream) => withTraceContext({ pinoHttp: { stream }, assignResponse: true }),
        { controllers: [AssigningController] },
      );
      await app.get('/lookup');
      const completed = await app.line('request completed');
      expect(completed).toMatchObject({ ...(await server(SERVER)), user: 7 });
      expect(occurrences(completed)).toEqual([1, 1, 1]);
    });

    it.runIf(platform === 'fastify')(
      "L3 holds for Fastify's own logger, with useExisting",
      async () => {
        const app = await start(() => withTraceContext({ useExisting: true }), {
          fastify: (stream) => ({ logger: { stream, mixin: traceMixin() } }),
        });
        await app.get('/lookup');
        expect(await app.line('incoming request')).toMatchObject(await server(SERVER));
        const completed = await app.line('request completed');
        expect(completed).toMatchObject(await server(SERVER));
        expect(occurrences(completed)).toEqual([1, 1, 1]);
      },
    );
  },
);
