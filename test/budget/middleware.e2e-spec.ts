import { Controller, Get, Injectable, Module } from '@nestjs/common';
import type { MiddlewareConsumer, NestModule } from '@nestjs/common';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from '../http/support/http-app.js';
import { toldOf } from './support/accounts.js';
import { Steps } from './support/steps.js';

@Injectable()
class FirstMiddleware {
  use(_request: unknown, response: Replying, next: () => void): void {
    response.setHeader('x-first', 'seen');
    next();
  }
}

@Injectable()
class SecondMiddleware {
  constructor(private readonly steps: Steps) {}

  async use(_request: unknown, response: Replying, next: () => void): Promise<void> {
    response.setHeader('x-second', String(await this.steps.later(2)));
    next();
  }
}

interface Replying {
  setHeader(name: string, value: string): void;
}

@Controller()
class PlainController {
  @Get('plain')
  plain(): string {
    return 'plain';
  }
}

@Module({ providers: [Steps] })
class WithMiddleware implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(FirstMiddleware, SecondMiddleware).forRoutes(PlainController);
  }
}

let app: HttpApp;
afterEach(() => app.close());

describe.each(PLATFORMS)('a budget for the spans of middleware classes, on %s', (platform) => {
  async function request(spanBudget: TracingModuleOptions['spanBudget']): Promise<ReadableSpan> {
    app = await HttpApp.start(platform, {
      controllers: [PlainController],
      module: { imports: [WithMiddleware] },
      tracing: {
        http: { outgoing: false },
        autoTrace: { enhancers: true },
        spanBudget: spanBudget!,
      },
    });
    const response = await fetch(`${app.url}/plain`);
    expect(await response.text()).toBe('plain');
    expect([response.headers.get('x-first'), response.headers.get('x-second')]).toEqual([
      'seen',
      '2',
    ]);
    return app.spans.one('GET /plain');
  }

  it('AU17 leaves them out beyond it, and the request goes its way', async () => {
    const root = await request({ perTrace: 1 });
    expect(app.spans.finished.map(({ name }) => name)).toEqual(['GET /plain']);
    // Two middlewares, two methods that the second one calls, and the handler.
    expect(toldOf(app, root)).toEqual({ dropped: 5, collapsed: 0 });
    await app.spans.noneOpen();
  });

  it('AU17 gives them their room, and no more', async () => {
    const root = await request({ perTrace: 2 });
    expect(app.spans.finished.map(({ name }) => name).toSorted()).toEqual([
      'FirstMiddleware.use',
      'GET /plain',
    ]);
    expect(toldOf(app, root)).toEqual({ dropped: 4, collapsed: 0 });
  });
});
