import { Controller, Injectable, Logger, Scope, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor, Type } from '@nestjs/common';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { lastValueFrom, tap } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { eventually } from '../../support/eventually.js';
import { OnEvent } from './support/on-event.js';
import { startRpcApp } from './support/rpc-app.js';
import { tcp } from './support/transports.js';

const spans = recordSpans();

/** A gate that handlers wait at, and how many have come to it and passed it. */
const gate = { open: (): void => undefined, isOpen: Promise.resolve(), begun: 0, passed: 0 };

beforeEach(() => {
  Logger.overrideLogger(false);
  Object.assign(gate, { begun: 0, passed: 0 });
  gate.isOpen = new Promise((resolve) => (gate.open = resolve));
});

afterEach(() => {
  spans.assertNoOpenSpans();
  spans.reset();
});

afterAll(() => spans.stop());

async function pass(): Promise<void> {
  gate.begun += 1;
  await gate.isOpen;
  gate.passed += 1;
}

@Injectable()
class Interceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(tap(() => undefined));
  }
}

@Controller()
class Failing {
  @OnEvent('sold')
  async fails(): Promise<void> {
    await eventually(() => expect(gate.begun).toBeGreaterThan(0));
    throw new RangeError('sold out');
  }
}

@Controller()
class Quick {
  @OnEvent('sold')
  quick(): void {}
}

@Controller()
class Waiting {
  @OnEvent('sold')
  waits(): Promise<void> {
    return pass();
  }
}

@Controller()
class Intercepted {
  @UseInterceptors(Interceptor)
  @OnEvent('sold')
  waits(): Promise<void> {
    return pass();
  }
}

@Controller()
class OwnSpan {
  @Traced('own span')
  @OnEvent('sold')
  waits(): Promise<void> {
    return pass();
  }
}

@Controller({ scope: Scope.REQUEST })
class Scoped {
  @OnEvent('sold')
  waits(): Promise<void> {
    return pass();
  }
}

/** Nest chains the handlers in the order of their controllers; the first one's result is that of all. */
const CHAINS: readonly (readonly [string, readonly Type[]])[] = [
  ['a promise, between others', [Failing, Waiting, Quick]],
  ['a promise, at the end', [Failing, Quick, Waiting]],
  ['an interceptor', [Failing, Intercepted]],
  ['an interceptor, between others', [Failing, Intercepted, Quick]],
  ['a span of its own', [Failing, OwnSpan, Quick]],
  ['request scope', [Failing, Scoped, Quick]],
  ['a promise, before the one that fails', [Waiting, Failing, Quick]],
];

const end = ({ endTime: [seconds, nanos] }: ReadableSpan): number => seconds * 1e9 + nanos;

describe('M8 an event, one of whose handlers fails while another runs', () => {
  it.each(CHAINS)('has a span to the end of that one, with %s', async (_, controllers) => {
    const { client, close } = await startRpcApp(tcp, { controllers });
    await lastValueFrom(client.emit('sold', {}), { defaultValue: undefined });
    await eventually(() => expect(spans.named('Failing.fails')).toHaveLength(1));
    // Nest is done with the event once it has heard of the failure.
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(spans.named('process sold')).toEqual([]);
    gate.open();
    await eventually(() => expect(spans.named('process sold')).toHaveLength(1));
    expect(gate.passed).toBe(1);
    const event = spans.one('process sold');
    expect(event.status).toEqual({ code: SpanStatusCode.ERROR, message: 'sold out' });
    expect(event.attributes['error.type']).toBe('RangeError');
    expect(event.events).toHaveLength(1);
    for (const child of spans.childrenOf(event)) expect(end(child)).toBeLessThanOrEqual(end(event));
    await close();
  });

  it('is waited for by the shutdown', async () => {
    const controllers = [Failing, Waiting, Quick];
    const { client, close } = await startRpcApp(tcp, { controllers });
    await lastValueFrom(client.emit('sold', {}), { defaultValue: undefined });
    await eventually(() => expect(spans.named('Failing.fails')).toHaveLength(1));
    const closed = close();
    setTimeout(gate.open, 20);
    await closed;
    expect(gate.passed).toBe(1);
    const { attributes } = spans.one('process sold');
    expect(attributes).not.toHaveProperty('async.task.outcome');
    expect(attributes['async.message.handler_ms']).toBeGreaterThan(15);
  });
});
