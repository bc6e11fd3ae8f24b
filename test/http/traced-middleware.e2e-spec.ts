import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import type { MiddlewareConsumer, NestMiddleware, NestModule } from '@nestjs/common';
import { SpanStatusCode, context, createContextKey, trace } from '@opentelemetry/api';
import { hrTimeToNanoseconds } from '@opentelemetry/core';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';
import { send } from './support/raw-request.js';

type Next = (error?: Error) => void;

interface NodeReply {
  end(body: string): void;
}

const TENANT = createContextKey('tenant');
let tenant: unknown;
let inside: string | undefined;

@Injectable()
class Direct implements NestMiddleware {
  @Traced()
  use(_: unknown, __: unknown, next: Next): void {
    inside = trace.getActiveSpan()?.spanContext().spanId;
    next();
  }
}

@Injectable()
class Later implements NestMiddleware {
  @Traced()
  use(_: unknown, __: unknown, next: Next): void {
    setTimeout(next, 20);
  }
}

@Traced()
@Injectable()
class Awaiting implements NestMiddleware {
  async use(_: unknown, __: unknown, next: Next): Promise<void> {
    await sleep(5);
    next();
    await sleep(5);
  }
}

@Injectable()
class Entering implements NestMiddleware {
  @Traced()
  use(_: unknown, __: unknown, next: Next): void {
    context.with(context.active().setValue(TENANT, 'acme'), next);
  }
}

@Injectable()
class Answering implements NestMiddleware {
  @Traced()
  use(_: unknown, reply: NodeReply): void {
    setTimeout(() => reply.end('answered'), 20);
  }
}

@Injectable()
class Refusing implements NestMiddleware {
  @Traced()
  use(_: unknown, __: unknown, next: Next): void {
    next(new RangeError('refused'));
  }
}

@Controller()
class CatsController {
  @Get('cats')
  @Traced()
  async find(): Promise<string> {
    tenant = context.active().getValue(TENANT);
    await sleep(30);
    return 'cats';
  }
}

describe.each(PLATFORMS)('a traced middleware, on %s', (platform) => {
  let app: HttpApp;
  const run = async (middleware: new () => NestMiddleware) => {
    @Module({})
    class Guarding implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(middleware).forRoutes(CatsController);
      }
    }
    app = await HttpApp.start(platform, {
      controllers: [CatsController],
      module: { imports: [Guarding] },
      tracing: { http: { outgoing: false } },
    });
    const answer = await send(`${app.url}/cats`);
    await app.spans.noneOpen();
    const [server] = app.spans.finished.filter(({ name }) => name.startsWith('GET'));
    const [span] = app.spans.named(`${middleware.name}.use`);
    const [find] = app.spans.named('CatsController.find');
    return { answer, server: server!, span: span!, find: find! };
  };
  afterEach(() => app.close());

  it.each([Direct, Later, Awaiting, Entering])(
    'T1 ends when it calls next(), and what comes after is no child of it: %o',
    async (middleware) => {
      const { answer, server, span, find } = await run(middleware);
      expect(answer.body).toBe('cats');
      expect(isChild(span, server)).toBe(true);
      expect(isChild(find, server)).toBe(true);
      const end = hrTimeToNanoseconds(span.endTime);
      expect(end).toBeLessThanOrEqual(hrTimeToNanoseconds(find.startTime) + 1e6);
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
    },
  );

  it('T1 is active inside of it', async () => {
    const { span } = await run(Direct);
    expect(inside).toBe(span.spanContext().spanId);
  });

  it('T1 waits for a next() that comes late', async () => {
    const { span } = await run(Later);
    expect(span.duration[0] * 1e9 + span.duration[1]).toBeGreaterThan(15e6);
  });

  it('T1 keeps what the middleware has put into the context of what comes after', async () => {
    await run(Entering);
    expect(tenant).toBe('acme');
  });

  it('T1 ends with the response if it answers itself', async () => {
    const { answer, server, span } = await run(Answering);
    expect(answer.body).toBe('answered');
    expect(isChild(span, server)).toBe(true);
    expect(span.duration[0] * 1e9 + span.duration[1]).toBeGreaterThan(15e6);
  });

  it('T1 fails with the error that it passes on', async () => {
    const { answer, span } = await run(Refusing);
    expect(answer.status).toBe(500);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'refused' });
  });
});
