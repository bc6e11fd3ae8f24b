import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConflictException,
  Controller,
  Get,
  Injectable,
  Module,
  UseInterceptors,
} from '@nestjs/common';
import type {
  CallHandler,
  ExecutionContext,
  INestApplication,
  NestInterceptor,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Traced, TracingModule } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { ReplaySubject, catchError, map, of, tap, timeout } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';

@Injectable()
class AtOnce implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((text) => `<${String(text)}>`));
  }
}

@Injectable()
class Later implements NestInterceptor {
  async intercept(_context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    await sleep(1);
    return next.handle().pipe(tap(() => undefined));
  }
}

@Injectable()
class ByHand implements NestInterceptor {
  @Traced()
  async intercept(_context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    await sleep(1);
    return next.handle();
  }
}

@Injectable()
class ByHandAtOnce implements NestInterceptor {
  @Traced()
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle();
  }
}

@Injectable()
class GivesUp implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      timeout(5),
      catchError(() => of('gave up')),
    );
  }
}

@Injectable()
class TooLate implements NestInterceptor {
  async intercept(_context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    await sleep(50);
    return next.handle();
  }
}

@Injectable()
class Answers implements NestInterceptor {
  async intercept(): Promise<Observable<unknown>> {
    await sleep(1);
    throw new ConflictException('taken');
  }
}

@Injectable()
class Replays implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const replayed = new ReplaySubject<unknown>();
    next.handle().subscribe(replayed);
    return replayed;
  }
}

@Injectable()
class Stock {
  of(item: string): string {
    if (item === 'none') throw new Error('out of stock');
    return item;
  }
}

@Controller()
class StockController {
  constructor(private readonly stock: Stock) {}

  @Get('at-once')
  @UseInterceptors(AtOnce)
  atOnce(): string {
    return this.stock.of('pear');
  }

  @Get('later')
  @UseInterceptors(Later)
  async later(): Promise<string> {
    await sleep(1);
    return this.stock.of('pear');
  }

  @Get('fails')
  @UseInterceptors(Later, AtOnce)
  async fails(): Promise<string> {
    await sleep(1);
    return this.stock.of('none');
  }

  @Get('replays')
  @UseInterceptors(Replays)
  async replays(): Promise<string> {
    await sleep(1);
    return this.stock.of('pear');
  }

  @Get('by-hand')
  @UseInterceptors(ByHand)
  byHand(): string {
    return this.stock.of('pear');
  }

  @Get('by-hand-at-once')
  @UseInterceptors(ByHandAtOnce)
  byHandAtOnce(): string {
    return this.stock.of('pear');
  }

  @Get('given-up')
  @UseInterceptors(GivesUp, TooLate)
  givenUp(): string {
    return this.stock.of('pear');
  }

  @Get('answers')
  @UseInterceptors(Answers)
  answers(): string {
    return this.stock.of('pear');
  }
}

@Module({
  imports: [TracingModule.forRoot({ autoTrace: { enhancers: true }, http: { outgoing: false } })],
  controllers: [StockController],
  providers: [Stock],
})
class StockModule {}

describe('spans of interceptors', () => {
  const spans = recordSpans();
  let app: INestApplication;

  beforeAll(async () => {
    app = await NestFactory.create(StockModule, { logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterEach(() => spans.reset());
  afterAll(async () => {
    await app.close();
    await spans.stop();
  });

  const ask = async (path: string): Promise<[number, string]> => {
    spans.reset();
    const response = await fetch(`${await app.getUrl()}/${path}`);
    const answer: [number, string] = [response.status, await response.text()];
    await eventually(() => expect(spans.named(`GET /${path}`)).toHaveLength(1));
    return answer;
  };

  const OK = 200;

  it.each([
    ['at-once', 'AtOnce', 'atOnce', '<pear>'],
    ['later', 'Later', 'later', 'pear'],
    ['replays', 'Replays', 'replays', 'pear'],
    ['by-hand', 'ByHand', 'byHand', 'pear'],
    ['by-hand-at-once', 'ByHandAtOnce', 'byHandAtOnce', 'pear'],
  ])('AU9 of %s: what they call lies within, at each request', async (path, name, method, text) => {
    for (let request = 0; request < 3; request += 1) {
      expect(await ask(path)).toEqual([OK, text]);
      expect(spans.tree()).toBe(
        [
          `GET /${path}`,
          `  ${name}.intercept`,
          `    StockController.${method}`,
          '      Stock.of',
        ].join('\n'),
      );
      spans.assertNoOpenSpans();
      const [outer, inner] = [
        spans.one(`${name}.intercept`),
        spans.one(`StockController.${method}`),
      ];
      expect(millis(outer.endTime)).toBeGreaterThanOrEqual(millis(inner.endTime));
    }
  });

  it('AU9 of one in another, whose handler fails', async () => {
    for (let request = 0; request < 2; request += 1) {
      const [status] = await ask('fails');
      expect(status).toBe(500);
      expect(spans.tree()).toBe(
        [
          'GET /fails status=ERROR',
          '  Later.intercept status=ERROR',
          '    AtOnce.intercept status=ERROR',
          '      StockController.fails status=ERROR',
          '        Stock.of status=ERROR',
        ].join('\n'),
      );
      spans.assertNoOpenSpans();
    }
  });

  it('AU9 of one whose answer nobody waits for any more', async () => {
    expect(await ask('given-up')).toEqual([OK, 'gave up']);
    await eventually(() => expect(spans.named('TooLate.intercept')).toHaveLength(1));
    expect(spans.named('StockController.givenUp')).toEqual([]);
    spans.assertNoOpenSpans();
  });

  it('AU9 of one that fails itself, later', async () => {
    const [status] = await ask('answers');
    expect(status).toBe(409);
    expect(spans.tree()).toBe(['GET /answers', '  Answers.intercept'].join('\n'));
  });
});

function millis([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1000 + nanos / 1e6;
}
