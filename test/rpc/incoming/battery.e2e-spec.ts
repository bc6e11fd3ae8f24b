import { Logger } from '@nestjs/common';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { firstValueFrom, lastValueFrom, map, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { describeWithService } from '../../support/services.js';
import { controllersOf, faults, forget, received, seen } from './support/battery-controllers.js';
import { caller } from './support/callers.js';
import type { RpcApp } from './support/rpc-app.js';
import { startRpcApp } from './support/rpc-app.js';
import type { TransportUnderTest } from './support/transports.js';
import { TRANSPORTS, uniqueRun } from './support/transports.js';

const spans = recordSpans();

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(() => {
  forget();
  spans.reset();
});

afterAll(() => spans.stop());

for (const transport of TRANSPORTS) {
  const { service, title } = transport;
  if (service === undefined) describe(`messages over ${title}`, () => battery(transport));
  else describeWithService(service, `messages over ${title}`, () => battery(transport));
}

function battery(transport: TransportUnderTest): void {
  const run = uniqueRun();
  const at = (...words: string[]) => transport.subject(run, ...words);
  const { name: transportName, system } = transport;
  let rpc: RpcApp;

  beforeAll(async () => {
    rpc = await startRpcApp(transport, {
      controllers: controllersOf(transport, run),
      tracing: { microservices: { outgoing: false, incoming: { ignore: [at('ignored')] } } },
      run,
    });
  });

  afterAll(() => rpc.close());

  const ask = (pattern: string, data: unknown): Promise<unknown> =>
    firstValueFrom(rpc.client.send(pattern, data as object), { defaultValue: undefined });

  const emit = (pattern: string, data: unknown): Promise<unknown> =>
    lastValueFrom(rpc.client.emit(pattern, data as object), { defaultValue: undefined });

  const entries = (): readonly ReadableSpan[] =>
    spans.finished.filter(({ kind }) => kind === SpanKind.SERVER || kind === SpanKind.CONSUMER);

  const entry = async (count = 1): Promise<ReadableSpan> => {
    await vi.waitFor(() => expect(entries()).toHaveLength(count));
    spans.assertNoOpenSpans();
    return entries()[0] as ReadableSpan;
  };

  it('M1 M7 M18 gives a request a SERVER span that is the child of its caller', async () => {
    const from = caller();
    expect(await ask(at('sum'), transport.carry([1, 2, 3], from))).toBe(6);
    const span = await entry();
    expect(span).toMatchObject({ name: at('sum'), kind: SpanKind.SERVER });
    expect(span.parentSpanContext).toMatchObject({ spanId: from.spanId, isRemote: true });
    expect(span.attributes).toMatchObject({
      'rpc.system.name': 'nestjs',
      'rpc.method': at('sum'),
      'nestjs.transport': transportName,
      'code.function.name': 'Sums.sum',
    });
    expect(span.attributes['async.message.handler_ms']).toBeGreaterThan(0);
    expect(seen.get('after await')).toEqual([span.spanContext().spanId]);
  });

  it('M1 M7 M18 gives an event a CONSUMER span: a trace of its own, linked to the emitter', async () => {
    const from = caller(2);
    await emit(at('created'), transport.carry({ order: 1 }, from));
    const span = await entry();
    expect(span).toMatchObject({ name: `process ${at('created')}`, kind: SpanKind.CONSUMER });
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.links.map(({ context }) => context.spanId)).toEqual([from.spanId]);
    expect(span.attributes).toMatchObject({
      'messaging.system': system,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.template': at('created'),
      'code.function.name': 'Events.created',
    });
    expect(received).toEqual([{ order: 1 }]);
    expect(seen.get('event')).toEqual([span.spanContext().spanId]);
  });

  it('M11 gives a message of a caller that sends no context a trace of its own', async () => {
    await ask(at('sum'), [1]);
    const span = await entry();
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.links).toEqual([]);
  });

  it('M3 runs guard, interceptor, pipe, handler and filter inside of it', async () => {
    expect(await ask(at('whole'), false)).toBe('done');
    const span = await entry();
    const { spanId } = span.spanContext();
    const parts = ['guard', 'before', 'pipe', 'handler', 'after await', 'after'];
    expect(Object.fromEntries(seen)).toEqual(
      Object.fromEntries(parts.map((part) => [part, [spanId]])),
    );
  });

  it('M5 records the exception as it was thrown, once, and leaves the reply alone', async () => {
    await expect(ask(at('whole'), true)).rejects.toEqual({
      status: 'error',
      message: 'told: sold out',
    });
    const span = await entry();
    expect(seen.get('filter')).toEqual([span.spanContext().spanId]);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'sold out' });
    expect(span.attributes['error.type']).toBe('StockError');
    expect(span.events.map(({ attributes }) => attributes?.['exception.message'])).toEqual([
      'sold out',
    ]);
    expect(span.attributes).not.toHaveProperty('nestjs.handler.reached');
  });

  it('M4 ends at the refusal of a guard, and says that no handler ran', async () => {
    await expect(ask(at('denied'), 1)).rejects.toMatchObject({ message: 'Forbidden resource' });
    const span = await entry();
    expect(span.attributes).toMatchObject({
      'nestjs.handler.reached': false,
      'error.type': 'RpcException',
    });
    expect(span.attributes).not.toHaveProperty('code.function.name');
    expect(span.events).toHaveLength(1);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('M4 M6 ends at a throwing pipe', async () => {
    await expect(ask(at('piped'), 1)).rejects.toMatchObject({ message: 'Internal server error' });
    const span = await entry();
    expect(span.status).toMatchObject({ code: SpanStatusCode.ERROR, message: 'not a number' });
    expect(span.attributes['nestjs.handler.reached']).toBe(false);
  });

  it('M20 leaves a request with an RpcException UNSET, with its type', async () => {
    await expect(ask(at('rpc-exception'), 1)).rejects.toMatchObject({ message: 'no such order' });
    const span = await entry();
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.events).toHaveLength(1);
    expect(span.attributes['error.type']).toBe('RpcException');
  });

  it('M20 takes an RpcException of an event for an error', async () => {
    await emit(at('unlucky'), 1);
    const span = await entry();
    expect(span.status).toMatchObject({ code: SpanStatusCode.ERROR, message: 'no such order' });
    expect(span.events).toHaveLength(1);
  });

  it('M6 ends once for a handler that rejects', async () => {
    await expect(ask(at('rejects'), 1)).rejects.toMatchObject({ message: 'Internal server error' });
    const span = await entry();
    expect(span.status).toMatchObject({ code: SpanStatusCode.ERROR, message: 'sold out' });
  });

  it('M6 ends as answered where a filter has cured it, with the exception on it', async () => {
    expect(await ask(at('cured'), 1)).toBe('cured');
    const span = await entry();
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.events).toHaveLength(1);
  });

  it('M1 M18 takes a message for what it is, whatever its handler is for', async () => {
    await ask(at('created'), transport.carry(1, caller(11)));
    const request = await entry();
    expect(request).toMatchObject({ name: at('created'), kind: SpanKind.SERVER });
    expect(request.parentSpanContext?.spanId).toBe(caller(11).spanId);
    spans.reset();
    await emit(at('sum'), transport.carry([1], caller(12)));
    const event = await entry();
    expect(event).toMatchObject({ name: `process ${at('sum')}`, kind: SpanKind.CONSUMER });
    expect(event.links.map(({ context }) => context.spanId)).toEqual([caller(12).spanId]);
  });

  it('M9 gives a stream one span to its end', async () => {
    const items = rpc.client.send<number>(at('stream'), transport.carry(5, caller(3)) as object);
    expect(await lastValueFrom(items.pipe(toArray()))).toEqual([0, 1, 2, 3, 4]);
    const span = await entry();
    expect(seen.get('item')).toEqual(Array(5).fill(span.spanContext().spanId));
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('M9 ends a stream that fails once, by its exception', async () => {
    const got: number[] = [];
    const items = rpc.client
      .send<number>(at('failing-stream'), 1)
      .pipe(map((item) => got.push(item)));
    await expect(lastValueFrom(items)).rejects.toMatchObject({ status: 'error' });
    expect(got).toEqual([1]);
    const span = await entry();
    expect(span.status).toMatchObject({ code: SpanStatusCode.ERROR, message: 'sold out' });
    expect(span.events).toHaveLength(1);
  });

  it('M8 gives an event with several handlers one span, and each of them its own', async () => {
    await emit(at('twice'), transport.carry(1, caller(4)));
    const span = await entry();
    const children = spans.childrenOf(span).map(({ name }) => name);
    expect(children.toSorted()).toEqual(['Events.first', 'MoreEvents.second', 'Scoped.third']);
    expect(new Set(received)).toEqual(new Set(['first', 'second', 'third']));
    expect(span.links).toHaveLength(1);
    const [first, second] = ['first', 'second'].map((part) => seen.get(part)?.[0]);
    expect(first).not.toBe(second);
    expect(spans.finished).toHaveLength(4);
  });

  it('M8 lets all handlers of an event run, and is marked by the one that fails', async () => {
    await emit(at('half'), 1);
    const span = await entry();
    expect(received).toEqual(['half', 'other half']);
    expect(span.status).toMatchObject({ code: SpanStatusCode.ERROR, message: 'sold out' });
    const children = spans.childrenOf(span);
    expect(children.map(({ name, status }) => [name, status.code])).toEqual([
      ['Events.half', SpanStatusCode.ERROR],
      ['MoreEvents.other', SpanStatusCode.UNSET],
    ]);
  });

  it('M17 makes what is request-scoped inside of it, and ends if that fails', async () => {
    expect(await ask(at('scoped'), 1)).toBe('scoped');
    const span = await entry();
    expect(seen.get('constructor')).toEqual([span.spanContext().spanId]);
    spans.reset();
    faults.isConstructorBroken = true;
    await expect(ask(at('scoped'), 1)).rejects.toMatchObject({ status: 'error' });
    expect((await entry()).status).toMatchObject({ message: 'no connection' });
  });

  it('M16 has the baggage of its caller', async () => {
    const from = caller(5, 'user=ada');
    expect(await ask(at('baggage'), transport.carry(1, from))).toBe('ada');
  });

  it('gives no span to a pattern that is ignored, nor to its work', async () => {
    expect(await ask(at('ignored'), transport.carry(1, caller()))).toBe('done');
    expect(await ask(at('sum'), [1])).toBe(1);
    const span = await entry();
    expect(span.name).toBe(at('sum'));
    expect(seen.get('handler')).toEqual([undefined, span.spanContext().spanId]);
  });

  it.runIf(transport.hasWildcards)(
    'M7 is named by its pattern, not by what it matched',
    async () => {
      await emit(at('w', '42', 'status'), transport.carry('on', caller(6)));
      const span = await entry();
      expect(span.name).toBe(`process ${at('w', '*', 'status')}`);
      expect(span.attributes).toMatchObject({
        'messaging.destination.template': at('w', '*', 'status'),
        'messaging.destination.name': at('w', '42', 'status'),
      });
      expect(span.links).toHaveLength(1);
    },
  );
}
