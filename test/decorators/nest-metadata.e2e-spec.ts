import {
  Body,
  Controller,
  Get,
  HttpCode,
  Injectable,
  Module,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import type { CanActivate, ExecutionContext, INestApplication } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Cron, Interval, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { ApiOkResponse, ApiOperation, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpanAttribute, Traced } from 'nestjs-tracing';
import { SpanRecorder, TracingTestingModule } from 'nestjs-tracing/testing';

@Injectable()
class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    return this.reflector.get<string[] | undefined>('roles', context.getHandler()) === undefined;
  }
}

@Controller('above')
@UseGuards(RolesGuard)
class TracedAbove {
  @Traced()
  @Get('open/:id')
  @HttpCode(202)
  @ApiOperation({ summary: 'opens' })
  open(@Param('id', ParseIntPipe) @SpanAttribute('id') id: number): { id: number } {
    return { id };
  }

  @Traced()
  @Get('closed')
  @SetMetadata('roles', ['admin'])
  closed(): string {
    return 'never';
  }
}

@Controller('below')
@UseGuards(RolesGuard)
class TracedBelow {
  @Get('open/:id')
  @HttpCode(202)
  @ApiOperation({ summary: 'opens' })
  @ApiOkResponse({ type: String })
  @Traced()
  open(@SpanAttribute('id') @Param('id', ParseIntPipe) id: number): { id: number } {
    return { id };
  }

  @Get('closed')
  @SetMetadata('roles', ['admin'])
  @Traced()
  closed(): string {
    return 'never';
  }
}

@Traced()
@Controller('class')
class TracedClass {
  @Post('missing')
  async missing(@Body() body: { id: string }): Promise<never> {
    throw new NotFoundException(body.id);
  }
}

@Injectable()
class Jobs {
  readonly events: string[] = [];

  @Traced()
  @OnEvent('cat.fed')
  @OnEvent('dog.fed')
  onFed(name: string): void {
    this.events.push(name);
  }

  @Cron('0 0 1 1 *', { name: 'yearly' })
  @Traced()
  yearly(): void {}

  @Traced()
  @Interval('often', 60_000)
  often(): void {}
}

@Module({
  imports: [
    TracingTestingModule.forRoot({ http: false }),
    EventEmitterModule.forRoot(),
    ScheduleModule.forRoot(),
  ],
  controllers: [TracedAbove, TracedBelow, TracedClass],
  providers: [Jobs],
})
class App {}

const adapters = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };

describe.each(['Express', 'Fastify'] as const)(
  'what Nest reads from a traced method, on %s',
  (platform) => {
    let app: INestApplication;
    let url: string;
    let spans: SpanRecorder;
    beforeAll(async () => {
      app = await NestFactory.create(App, adapters[platform](), { logger: false });
      await app.listen(0, '127.0.0.1');
      url = await app.getUrl();
      spans = app.get(SpanRecorder);
    });
    afterAll(() => app.close());

    for (const order of ['above', 'below']) {
      it(`T8 routes, pipes and status codes: @Traced ${order}`, async () => {
        const response = await fetch(`${url}/${order}/open/7`);
        expect([response.status, await response.json()]).toEqual([202, { id: 7 }]);
        expect((await fetch(`${url}/${order}/open/seven`)).status).toBe(400);
        const [span, ...others] = spans.finished.filter((each) => each.name.endsWith('.open'));
        expect([span?.attributes['id'], others]).toEqual([7, []]);
        spans.reset();
      });

      it(`T8 guards still see their metadata: @Traced ${order}`, async () => {
        expect((await fetch(`${url}/${order}/closed`)).status).toBe(403);
        expect(spans.finished).toEqual([]);
      });
    }

    it('T6 T8 an HttpException keeps its status through a traced class', async () => {
      const response = await fetch(`${url}/class/missing`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: 'tom' }),
      });
      expect([response.status, await response.json()]).toMatchObject([404, { message: 'tom' }]);
      expect(spans.one('TracedClass.missing').status.code).toBe(0);
      spans.reset();
    });

    it('T8 @OnEvent, @Cron and @Interval still find the method', () => {
      app.get(EventEmitter2).emit('cat.fed', 'tom');
      app.get(EventEmitter2).emit('dog.fed', 'rex');
      expect(app.get(Jobs).events).toEqual(['tom', 'rex']);
      expect(spans.named('Jobs.onFed')).toHaveLength(2);
      expect([...app.get(SchedulerRegistry).getCronJobs().keys()]).toEqual(['yearly']);
      expect(app.get(SchedulerRegistry).getIntervals()).toEqual(['often']);
      spans.reset();
    });

    it('T8 Swagger describes the method', () => {
      const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
      for (const order of ['above', 'below']) {
        const operation = document.paths[`/${order}/open/{id}`]?.get;
        expect(operation?.summary).toBe('opens');
        expect(operation?.parameters).toMatchObject([{ name: 'id', schema: { type: 'number' } }]);
      }
    });
  },
);
