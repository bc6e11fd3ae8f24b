import { setTimeout as sleep } from 'node:timers/promises';
import {
  Catch,
  Controller,
  Injectable,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import type {
  CallHandler,
  CanActivate,
  ExceptionFilter,
  ExecutionContext,
  NestInterceptor,
  PipeTransform,
  Type,
} from '@nestjs/common';
import { EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { propagation, trace } from '@opentelemetry/api';
import type { Observable } from 'rxjs';
import { concat, interval, of, take, tap, throwError } from 'rxjs';
import { OnEvent } from './on-event.js';
import type { TransportUnderTest } from './transports.js';

/** The spans that were active where the application's parts ran, by the part's name. */
export const seen = new Map<string, (string | undefined)[]>();
/** What the handlers of events have got. */
export const received: unknown[] = [];

/** Which part of the application is to fail. */
export const faults = { isConstructorBroken: false };

/** Forgets what was seen, for the next test. */
export function forget(): void {
  faults.isConstructorBroken = false;
  seen.clear();
  received.length = 0;
}

function note(part: string): void {
  const spanId = trace.getActiveSpan()?.spanContext().spanId;
  seen.set(part, [...(seen.get(part) ?? []), spanId]);
}

class StockError extends Error {
  override readonly name = 'StockError';
}

@Injectable()
class Guard implements CanActivate {
  canActivate(): boolean {
    note('guard');
    return true;
  }
}

@Injectable()
class Denying implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Injectable()
class Interceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    note('before');
    return next.handle().pipe(tap(() => note('after')));
  }
}

@Injectable()
class Pipe implements PipeTransform {
  transform(value: unknown): unknown {
    note('pipe');
    return value;
  }
}

@Injectable()
class ThrowingPipe implements PipeTransform {
  transform(): unknown {
    throw new StockError('not a number');
  }
}

@Catch(StockError)
class Filter implements ExceptionFilter {
  catch(exception: StockError): Observable<never> {
    note('filter');
    return throwError(() => ({ status: 'error', message: `told: ${exception.message}` }));
  }
}

@Catch(StockError)
class ThrowingFilter implements ExceptionFilter {
  catch(): never {
    throw new TypeError('the filter is broken');
  }
}

@Catch(StockError)
class Curing implements ExceptionFilter {
  catch(): Observable<string> {
    return of('cured');
  }
}

/** The controllers of one run, whose patterns are its own. */
export function controllersOf({ subject }: TransportUnderTest, run: string): Type[] {
  const at = (...words: string[]) => subject(run, ...words);

  @Controller()
  class Sums {
    @MessagePattern(at('sum'))
    async sum(@Payload() numbers: number[]): Promise<number> {
      note('handler');
      await sleep(1);
      note('after await');
      return numbers.reduce((sum, number) => sum + number, 0);
    }

    @UseGuards(Guard)
    @UseInterceptors(Interceptor)
    @UsePipes(Pipe)
    @UseFilters(Filter)
    @MessagePattern(at('whole'))
    async whole(@Payload() isBroken: boolean): Promise<string> {
      note('handler');
      await sleep(1);
      note('after await');
      if (isBroken) throw new StockError('sold out');
      return 'done';
    }

    @UseGuards(Denying)
    @MessagePattern(at('denied'))
    denied(): string {
      return 'never';
    }

    @UsePipes(ThrowingPipe)
    @MessagePattern(at('piped'))
    piped(@Payload() value: unknown): unknown {
      return value;
    }

    @MessagePattern(at('rpc-exception'))
    rpcException(): never {
      throw new RpcException('no such order');
    }

    @MessagePattern(at('rejects'))
    async rejects(): Promise<never> {
      await sleep(1);
      throw new StockError('sold out');
    }

    @UseFilters(ThrowingFilter)
    @MessagePattern(at('broken-filter'))
    brokenFilter(): never {
      throw new StockError('sold out');
    }

    @UseFilters(Curing)
    @MessagePattern(at('cured'))
    cured(): never {
      throw new StockError('sold out');
    }

    @MessagePattern(at('stream'))
    stream(@Payload() count: number): Observable<number> {
      return interval(1).pipe(
        take(count),
        tap(() => note('item')),
      );
    }

    @MessagePattern(at('failing-stream'))
    failingStream(): Observable<number> {
      return concat(
        of(1),
        throwError(() => new StockError('sold out')),
      );
    }

    @MessagePattern(at('ignored'))
    ignored(): string {
      note('handler');
      return 'done';
    }

    @MessagePattern(at('baggage'))
    baggage(): string | undefined {
      return propagation.getActiveBaggage()?.getEntry('user')?.value;
    }
  }

  @Controller()
  class Events {
    @EventPattern(at('created'))
    async created(@Payload() data: unknown): Promise<void> {
      note('event');
      await sleep(1);
      received.push(data);
    }

    @OnEvent(at('unlucky'))
    unlucky(): void {
      received.push('unlucky');
      throw new RpcException('no such order');
    }

    @OnEvent(at('twice'))
    async first(): Promise<void> {
      note('first');
      await sleep(1);
      received.push('first');
    }

    @OnEvent(at('half'))
    half(): void {
      received.push('half');
      throw new StockError('sold out');
    }

    @EventPattern(at('w', '*', 'status'))
    wildcard(@Payload() data: unknown): void {
      note('wildcard');
      received.push(data);
    }
  }

  @Controller()
  class MoreEvents {
    @UseInterceptors(Interceptor)
    @OnEvent(at('twice'))
    async second(): Promise<void> {
      note('second');
      await sleep(2);
      received.push('second');
    }

    @OnEvent(at('half'))
    async other(): Promise<void> {
      await sleep(10);
      received.push('other half');
    }
  }

  @Controller({ scope: Scope.REQUEST })
  class Scoped {
    constructor() {
      note('constructor');
      if (faults.isConstructorBroken) throw new StockError('no connection');
    }

    @MessagePattern(at('scoped'))
    handle(): string {
      note('scoped');
      return 'scoped';
    }

    @OnEvent(at('twice'))
    third(): void {
      note('third');
      received.push('third');
    }
  }
  return [Sums, Events, MoreEvents, Scoped];
}
