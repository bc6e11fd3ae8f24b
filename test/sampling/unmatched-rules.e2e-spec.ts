import { All, Controller, Get, Injectable, Module, Post, VersioningType } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Cron, ScheduleModule } from '@nestjs/schedule';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterEach, describe, expect, it } from 'vitest';
import { TracingModule } from 'nestjs-tracing';
import type { SamplingRuleOptions } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from '../http/support/http-app.js';
import type { HttpAppOptions, Platform } from '../http/support/http-app.js';
import { CapturedLogger } from '../support/captured-logger.js';

@Controller('orders')
class OrdersController {
  @Get(':id')
  find(): string {
    return 'found';
  }

  @Post()
  add(): string {
    return 'added';
  }
}

@Controller('orders')
class FoundController {
  @Get(':id')
  find(): string {
    return 'found';
  }
}

@Controller('words')
class WordsController {
  @Get()
  all(): string {
    return 'all';
  }
}

@Controller({ path: 'versioned', version: '2' })
class VersionedController {
  @All()
  all(): string {
    return 'all';
  }
}

@Injectable()
class Jobs {
  @Cron('0 0 1 1 *', { name: 'nightly' })
  named(): void {}

  @Cron('0 0 1 1 *')
  unnamed(): void {}
}

@WebSocketGateway()
class Chat {
  @SubscribeMessage('move')
  move(): void {}
}

let app: HttpApp | undefined;
afterEach(() => app?.close());

async function warnings(
  platform: Platform,
  rules: readonly Omit<SamplingRuleOptions, 'ratio'>[],
  options: HttpAppOptions = {},
): Promise<string[]> {
  const sampled = rules.map((rule) => ({ ...rule, ratio: 1 }));
  app = await HttpApp.start(platform, {
    controllers: [OrdersController, VersionedController],
    module: { imports: [ScheduleModule.forRoot()], providers: [Jobs, Chat] },
    ...options,
    tracing: { sampler: { rules: sampled }, strict: true, ...options.tracing },
  });
  return app.logger.about.filter((line) => line.includes('sampler.rules'));
}

const CURE = 'Correct the rule, or leave it out.';

describe.each(PLATFORMS)('a rule that nothing matches, on %s', (platform) => {
  it('SR1 is warned of at the start, with the nearest route', async () => {
    const rules = [{ route: '/orders/:id' }, { route: '/order/:id' }, { route: '/orders/*' }];
    expect(await warnings(platform, rules)).toEqual([
      `warn: sampler.rules[1]: no route of this application matches "/order/:id"; the nearest is "/orders/:id". ${CURE}`,
    ]);
  });

  it('SR1 takes a route that begins as the rule does for the nearest', async () => {
    const options = { controllers: [FoundController, WordsController] };
    expect(await warnings(platform, [{ route: '/ordrs' }], options)).toEqual([
      expect.stringContaining('the nearest is "/orders/:id".'),
    ]);
  });

  it('SR1 goes by the method as well', async () => {
    const rules = [
      { route: '/orders', method: 'POST' },
      { route: '/orders/:id', method: 'HEAD' },
      { route: '/versioned', method: 'DELETE' },
      { route: '/orders', method: 'PUT' },
    ];
    expect(await warnings(platform, rules)).toEqual([
      `warn: sampler.rules[3]: no route of this application matches "PUT /orders"; the nearest is "POST /orders". ${CURE}`,
    ]);
  });

  it('SR2 is one without the prefix and the version that a route has', async () => {
    const prepare = (nest: INestApplication) => {
      nest.setGlobalPrefix('api');
      nest.enableVersioning({ type: VersioningType.URI });
    };
    const rules = [{ route: '/versioned' }, { route: '/api/v2/versioned' }, { route: '/api/v2/*' }];
    expect(await warnings(platform, rules, { prepare })).toEqual([
      expect.stringContaining('matches "/versioned"; the nearest is "/api/v2/versioned".'),
    ]);
  });

  it('SR2 is one that is misspelt below the prefix, where Nest answers what it has no route for', async () => {
    const prepare = (nest: INestApplication) => void nest.setGlobalPrefix('api');
    const rules = ['/api/ordrs/:id', '/api/ordrs/*', '/api/ordrs', '/api/orders/:id', '/api/*'];
    const lines = await warnings(
      platform,
      rules.map((route) => ({ route })),
      { prepare },
    );
    expect(lines).toEqual([
      expect.stringContaining('matches "/api/ordrs/:id"; the nearest is "/api/orders/:id".'),
      expect.stringContaining('matches "/api/ordrs/*"; the nearest is "/api/orders"'),
      expect.stringContaining('matches "/api/ordrs"; the nearest is "/api/orders".'),
    ]);
  });

  it('SR4 is one for an event or a job that there is none of', async () => {
    const rules = [
      { event: 'm*' },
      { event: 'moves' },
      { cron: 'nightly' },
      { cron: 'Jobs.unnamed' },
      { cron: 'nihgtly' },
    ];
    expect(await warnings(platform, rules)).toEqual([
      `warn: sampler.rules[1]: no event of a gateway of this application matches "moves"; the nearest is "move". ${CURE}`,
      `warn: sampler.rules[4]: no scheduled method of this application matches "nihgtly"; the nearest is "nightly". ${CURE}`,
    ]);
  });

  it('SR4 is not told of what is known to servers alone', async () => {
    const rules = [
      { pattern: 'audit.*' },
      { grpc: 'orders.Orders/Find' },
      { graphql: 'query' as const },
    ];
    expect(await warnings(platform, rules)).toEqual([]);
  });

  it('is not told where requests, or events, are not traced', async () => {
    const tracing = { http: false, websockets: false };
    const rules = [{ route: '/nowhere' }, { event: 'nothing' }];
    expect(await warnings(platform, rules, { tracing })).toEqual([]);
  });
});

describe('a rule for what Nest has not registered', () => {
  it('may be served by what is mounted on Express', async () => {
    const prepare = (nest: INestApplication) => {
      const { use } = nest as NestExpressApplication;
      const answer = (_: unknown, response: { end(): void }) => response.end();
      for (const path of ['/graphql', '/m/:p']) Reflect.apply(use, nest, [path, answer]);
      nest.use((_: unknown, __: unknown, next: () => void) => next());
    };
    const rules = [
      { route: '/graphql' },
      { route: '/graph*' },
      { route: '/m/:p' },
      { route: '/m/%/*' },
      { route: '/nowhere' },
    ];
    expect(await warnings('express', rules, { prepare })).toEqual([
      expect.stringContaining('sampler.rules[4]'),
    ]);
  });

  it('may be one of Fastify itself, be it registered before the application starts', async () => {
    const prepare = (nest: INestApplication) => {
      const fastify = nest.getHttpAdapter().getInstance() as {
        get(path: string, handler: () => string): void;
      };
      fastify.get('/raw/:id', () => 'raw');
    };
    const rules = [{ route: '/raw/:id' }, { route: '/raw*' }, { route: '/nowhere' }];
    expect(await warnings('fastify', rules, { prepare })).toEqual([
      expect.stringContaining('sampler.rules[2]'),
    ]);
  });

  it('is not told of an application without HTTP', async () => {
    const logger = new CapturedLogger();
    const rules = [{ route: '/nowhere', ratio: 0 }];
    @Module({ imports: [TracingModule.forRoot({ exporter: 'none', sampler: { rules } })] })
    class App {}
    const context = await NestFactory.createApplicationContext(App, { logger });
    await context.close();
    expect(logger.about).toEqual([]);
  });
});
