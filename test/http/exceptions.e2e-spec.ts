import {
  Catch,
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  NotFoundException,
  Param,
  ParseIntPipe,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import type {
  ArgumentsHost,
  CallHandler,
  CanActivate,
  ExceptionFilter,
  ExecutionContext,
  NestInterceptor,
  PipeTransform,
} from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import { send } from './support/raw-request.js';

class StockError extends Error {
  override readonly name = 'StockError';
}

const fail = (where: string): never => {
  throw new StockError(`out of stock in the ${where}`);
};

@Injectable()
class Guard implements CanActivate {
  canActivate(): boolean {
    return fail('guard');
  }
}

@Injectable()
class Denying implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Injectable()
class Pipe implements PipeTransform {
  transform(): unknown {
    return fail('pipe');
  }
}

@Injectable()
class Before implements NestInterceptor {
  intercept(): Observable<unknown> {
    return fail('interceptor');
  }
}

@Injectable()
class After implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map(() => fail('operator')));
  }
}

function answer(host: ArgumentsHost, status: number): void {
  const reply = host.switchToHttp().getResponse<{
    status(code: number): { send(body: string): void };
  }>();
  reply.status(status).send('handled');
}

@Catch()
class Handling implements ExceptionFilter {
  catch(_: unknown, host: ArgumentsHost): void {
    answer(host, 503);
  }
}

@Catch(StockError)
class Translating implements ExceptionFilter {
  catch(_: StockError, host: ArgumentsHost): void {
    answer(host, 404);
  }
}

@Catch(StockError)
class Throwing implements ExceptionFilter {
  catch(): void {
    throw new RangeError('the filter itself');
  }
}

@Controller()
class ShopController {
  @Get('controller')
  plain(): void {
    fail('controller');
  }

  @Get('async')
  async later(): Promise<void> {
    await Promise.resolve();
    fail('async');
  }

  @Get('traced')
  @Traced()
  traced(): void {
    fail('traced');
  }

  @Get('guard')
  @UseGuards(Guard)
  guarded(): string {
    return 'never';
  }

  @Get('denied')
  @UseGuards(Denying)
  denied(): string {
    return 'never';
  }

  @Get('pipe/:id')
  @UsePipes(Pipe)
  piped(@Param('id') id: string): string {
    return id;
  }

  @Get('number/:id')
  number(@Param('id', ParseIntPipe) id: number): number {
    return id;
  }

  @Get('interceptor')
  @UseInterceptors(Before)
  intercepted(): string {
    return 'never';
  }

  @Get('operator')
  @UseInterceptors(After)
  mapped(): string {
    return 'never';
  }

  @Get('handled')
  @UseFilters(Handling)
  handled(): void {
    fail('handled');
  }

  @Get('translated')
  @UseFilters(new Translating())
  translated(): void {
    fail('translated');
  }

  @Get('filter')
  @UseFilters(Throwing)
  filtered(): void {
    fail('filter');
  }

  @Get('text')
  text(): void {
    // oxlint-disable-next-line typescript/only-throw-error
    throw 'out of stock in a text';
  }

  @Get('missing')
  missing(): void {
    throw new NotFoundException('no such order');
  }
}

@Controller({ path: 'scoped', scope: Scope.REQUEST })
@UseFilters(Handling)
class ScopedController {
  @Get()
  scoped(): void {
    fail('scope');
  }
}

const typesOf = (span: ReadableSpan): unknown[] =>
  span.events.map(({ attributes }) => attributes?.['exception.type']);

describe.each(PLATFORMS)('an exception that leaves the application, on %s', (platform) => {
  let app: HttpApp;
  const start = async (module = {}, tracing: TracingModuleOptions = {}) => {
    app = await HttpApp.start(platform, {
      controllers: [ShopController, ScopedController],
      module,
      tracing: { http: { outgoing: false }, ...tracing },
    });
  };
  const server = async (path: string): Promise<ReadableSpan> => {
    await send(`${app.url}/${path}`);
    await app.spans.noneOpen();
    const [span] = app.spans.finished.filter(({ name }) => name.startsWith('GET'));
    expect(span).toBeDefined();
    return span!;
  };
  afterEach(() => app.close());

  it.each([
    ['controller', 'controller'],
    ['async', 'async'],
    ['traced', 'traced'],
    ['guard', 'guard'],
    ['pipe/1', 'pipe'],
    ['interceptor', 'interceptor'],
    ['operator', 'operator'],
    ['handled', 'handled'],
    ['scoped', 'scope'],
  ])('H8 is on the SERVER span once, as it was thrown: GET /%s', async (path, where) => {
    await start();
    const span = await server(path);
    expect(typesOf(span)).toEqual(['StockError']);
    expect(span.events[0]?.attributes).toMatchObject({
      'exception.message': `out of stock in the ${where}`,
      'exception.stacktrace': expect.stringContaining('exceptions.e2e-spec'),
    });
    expect(span.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: `out of stock in the ${where}`,
    });
  });

  it.each([
    ['denied', 'ForbiddenException', 403],
    ['number/x', 'BadRequestException', 400],
    ['missing', 'NotFoundException', 404],
  ])('H8 that is expected is an event, no failure: GET /%s', async (path, type, status) => {
    await start();
    const span = await server(path);
    expect(typesOf(span)).toEqual([type]);
    expect(span.attributes['http.response.status_code']).toBe(status);
    expect(span.attributes).not.toHaveProperty('error.type');
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
  });

  it('H8 that a filter answers with less than 500 does not make the request a failure', async () => {
    await start();
    const span = await server('translated');
    expect(typesOf(span)).toEqual(['StockError']);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('H8 is there beside what a filter throws itself', async () => {
    await start();
    const span = await server('filter');
    expect(typesOf(span)).toEqual(['StockError', 'RangeError']);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'the filter itself' });
  });

  it('H8 may be no error at all', async () => {
    await start();
    const span = await server('text');
    expect(span.events.map(({ attributes }) => attributes?.['exception.message'])).toEqual([
      'out of stock in a text',
    ]);
  });

  it('H8 says why a request failed only if the policy calls it an error', async () => {
    await start({}, { errors: (error) => (error instanceof StockError ? 'expected' : 'error') });
    const span = await server('controller');
    expect(typesOf(span)).toEqual(['StockError']);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it.each(['class', 'global'])('H8 reaches the filters as before: %s', async (kind) => {
    const caught: unknown[] = [];
    @Catch()
    class Keeping extends BaseExceptionFilter {
      override catch(exception: unknown, host: ArgumentsHost): void {
        caught.push(exception);
        super.catch(exception, host);
      }
    }
    await start(
      kind === 'global' ? { providers: [{ provide: APP_FILTER, useClass: Keeping }] } : {},
    );
    expect((await send(`${app.url}/controller`)).status).toBe(500);
    expect((await send(`${app.url}/denied`)).body).toContain(new ForbiddenException().message);
    expect((await send(`${app.url}/scoped`)).body).toBe('handled');
    expect(caught).toHaveLength(kind === 'global' ? 2 : 0);
    await app.spans.noneOpen();
    expect(app.spans.finished.map(typesOf)).toEqual([
      ['StockError'],
      ['ForbiddenException'],
      ['StockError'],
    ]);
  });

  it('H8 of a middleware is there too, and none where nothing was thrown by the application', async () => {
    await start();
    await app.close();
    app = await HttpApp.start(platform, {
      controllers: [ShopController],
      tracing: { http: { outgoing: false } },
      prepare: (nest) =>
        nest.use('/broken', (_: unknown, __: unknown, next: (error: Error) => void) =>
          next(new StockError('out of stock in a middleware')),
        ),
    });
    expect(typesOf(await server('broken'))).toEqual(['StockError']);
    app.spans.reset();
    expect(typesOf(await server('nowhere'))).toEqual([]);
  });
});
