import { Metadata, status } from '@grpc/grpc-js';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { NEVER, Subject, concat, firstValueFrom, lastValueFrom, tap, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isChild } from '../../http/support/kept-spans.js';
import { eventually } from '../../support/eventually.js';
import { GrpcApp, lastMetadata, orders, seen } from './support/grpc-app.js';
import type { Note } from './support/grpc-app.js';

let app: GrpcApp;

beforeAll(async () => {
  app = await GrpcApp.start();
});

afterEach(() => {
  app.spans.reset();
  seen.length = 0;
});

afterAll(() => app.close());

/** The two spans of the only call of a method. */
async function call(method: string) {
  const [first, second] = await app.spans.many(`shop.Orders/${method}`, 2);
  const [server, client] = first!.kind === SpanKind.SERVER ? [first!, second!] : [second!, first!];
  return { server, client };
}

function places(): Record<string, (string | undefined)[]> {
  const found: Record<string, (string | undefined)[]> = {};
  for (const [place, span] of seen) (found[place] ??= []).push(span);
  return found;
}

describe('a call of each shape', () => {
  const spanId = async (method: string) => (await call(method)).server.spanContext().spanId;

  it('M22 M24 has a CLIENT span and a SERVER span below it, by the conventions', async () => {
    const caller = app.tracing.span('caller', () => firstValueFrom(app.orders.find({ id: '1' })));
    expect(await caller).toEqual({ text: 'found 1' });
    const { server, client } = await call('Find');
    expect(isChild(server, client)).toBe(true);
    expect(isChild(client, await app.spans.one('caller'))).toBe(true);
    const common = {
      'rpc.system.name': 'grpc',
      'nestjs.transport': 'grpc',
      'rpc.method': 'shop.Orders/Find',
      'rpc.status_code': 'OK',
    };
    expect(client.kind).toBe(SpanKind.CLIENT);
    expect(client.attributes).toEqual({
      ...common,
      'server.address': '127.0.0.1',
      'server.port': app.port,
    });
    expect(server.attributes).toEqual({ ...common, 'code.function.name': 'OrdersController.find' });
    expect([client.status.code, server.status.code]).toEqual([0, 0]);
  });

  it('M3 M22 runs guard, handler and what comes after its awaits inside: unary', async () => {
    await firstValueFrom(app.orders.find({ id: '1' }));
    const id = await spanId('Find');
    expect(places()).toEqual({ guard: [id], handler: [id], 'after await': [id] });
  });

  it('M3 M22 runs the handler and its items inside: server streaming', async () => {
    const notes = await lastValueFrom(app.orders.watch({ id: '1' }).pipe(toArray()));
    expect(notes).toHaveLength(3);
    const id = await spanId('Watch');
    expect(places()).toEqual({ handler: [id], item: [id, id, id], finalize: [id] });
  });

  it('M3 M22 runs every item that comes inside: client streaming', async () => {
    expect(await firstValueFrom(app.orders.collect(orders('a', 'b')))).toEqual({ text: 'a b' });
    const id = await spanId('Collect');
    expect(places()).toEqual({ item: [id, id] });
  });

  it('M3 M22 runs every item that comes inside: both ways', async () => {
    const said = new Subject<{ id: string }>();
    const answers: Note[] = [];
    const done = lastValueFrom(app.orders.talk(said).pipe(tap((text) => answers.push(text))));
    said.next({ id: 'a' });
    await eventually(() => expect(answers).toHaveLength(1));
    said.next({ id: 'b' });
    said.complete();
    await done;
    const id = await spanId('Talk');
    expect(places()).toEqual({ item: [id, id] });
  });

  it('M3 M22 runs the listeners of a handler that takes the stream as it is inside', async () => {
    const notes = await lastValueFrom(app.orders.raw(orders('a', 'b')).pipe(toArray()));
    expect(notes).toEqual([{ text: 'a' }, { text: 'b' }]);
    const id = await spanId('Raw');
    const { handler, item, written, end } = places();
    expect({ handler, item, written, end }).toEqual({
      handler: [id],
      item: [id, id],
      written: [id, id],
      end: [id],
    });
  });
});

describe('the status of a call', () => {
  const fails = async (id: string) => {
    await expect(firstValueFrom(app.orders.find({ id }))).rejects.toThrow();
    return call('Find');
  };

  it.each([
    ['missing', 'NOT_FOUND', 0],
    ['denied', 'PERMISSION_DENIED', 0],
    ['internal', 'INTERNAL', 2],
    ['broken', 'UNKNOWN', 2],
    ['uncoded', 'UNKNOWN', 2],
  ])('M22 of "%s" is %s on both sides', async (id, name, code) => {
    const { server, client } = await fails(id);
    for (const { attributes } of [server, client]) {
      expect(attributes).toMatchObject({ 'rpc.status_code': name, 'error.type': name });
    }
    expect(server.status.code).toBe(code);
    expect(client.status.code).toBe(SpanStatusCode.ERROR);
  });

  it.each([
    ['internal', 'internal!'],
    ['broken', 'secret'],
    ['uncoded', 'without a code'],
  ])('M22 of "%s" that is an error has the message of what was thrown', async (id, message) => {
    const { server } = await fails(id);
    expect(server.status).toEqual({ code: SpanStatusCode.ERROR, message });
  });

  it('M4 M5 says that a guard has refused it, and records the exception as it was thrown', async () => {
    const { server } = await fails('refused');
    expect(server.attributes['nestjs.handler.reached']).toBe(false);
    expect(server.events.map((event) => event.name)).toEqual(['exception']);
    app.spans.reset();
    const broken = await fails('broken');
    expect(broken.server.events[0]?.attributes).toMatchObject({
      'exception.type': 'TypeError',
      'exception.message': 'secret',
    });
  });

  it('M22 of a method without handler is UNIMPLEMENTED', async () => {
    await expect(firstValueFrom(app.orders.forgotten({ id: '1' }))).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
    });
    const { server } = await call('Forgotten');
    expect(server.status.code).toBe(SpanStatusCode.ERROR);
    expect(server.status.message).toMatch(/Forgotten/);
    expect(server.attributes['rpc.status_code']).toBe('UNIMPLEMENTED');
  });

  it('M22 of a method that the server does not know is UNIMPLEMENTED, in the caller’s trace', async () => {
    const client = app.bareClient();
    const metadata = new Metadata();
    metadata.set('traceparent', `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`);
    const error = await new Promise((resolve) => {
      client.makeUnaryRequest(
        '/shop.Nothing/Here',
        () => Buffer.alloc(0),
        () => undefined,
        {},
        metadata,
        (failure) => resolve(failure),
      );
    });
    expect(error).toMatchObject({ code: status.UNIMPLEMENTED });
    client.close();
    const span = await app.spans.one('grpc');
    expect(span.spanContext().traceId).toBe('1'.repeat(32));
    expect(span.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'the server does not have this method',
    });
    expect(span.attributes).toEqual({
      'rpc.system.name': 'grpc',
      'nestjs.transport': 'grpc',
      'rpc.method': '_OTHER',
      'rpc.method_original': 'shop.Nothing/Here',
      'rpc.status_code': 'UNIMPLEMENTED',
      'error.type': 'UNIMPLEMENTED',
    });
  });
});

describe('the end of a call that nobody waits for', () => {
  it('M23 is the cancellation of its client, and the handler is unsubscribed', async () => {
    const first = await firstValueFrom(app.orders.watch({ id: 'endless' }));
    expect(first).toEqual({ text: 'a' });
    const { server, client } = await call('Watch');
    await eventually(() => expect(places()['finalize']).toHaveLength(1));
    expect(places()['finalize']).toEqual([server.spanContext().spanId]);
    expect(server.attributes).toMatchObject({
      'rpc.status_code': 'CANCELLED',
      'async.task.outcome': 'cancelled',
    });
    expect(server.status.code).toBe(SpanStatusCode.UNSET);
    expect(client.attributes).toMatchObject({
      'rpc.status_code': 'CANCELLED',
      'async.task.outcome': 'cancelled',
    });
    expect(client.status.code).toBe(SpanStatusCode.UNSET);
  });

  it.each([
    ['Collect', () => app.orders.collect(concat(orders('a'), NEVER))],
    ['Talk', () => app.orders.talk(concat(orders('a'), NEVER))],
    ['Raw', () => app.orders.raw(concat(orders('a'), NEVER))],
  ])('M23 is the cancellation of a client that streams itself: %s', async (method, ask) => {
    const subscription = ask().subscribe({ error: () => undefined });
    await eventually(() => expect(places()['item']).toHaveLength(1));
    subscription.unsubscribe();
    const { server, client } = await call(method);
    for (const { attributes, status: ended } of [server, client]) {
      expect(attributes).toMatchObject({
        'rpc.status_code': 'CANCELLED',
        'async.task.outcome': 'cancelled',
      });
      expect(ended.code).toBe(SpanStatusCode.UNSET);
    }
  });

  it('M23 is the deadline, which is an error on both sides', async () => {
    const deadline = Date.now() + 500;
    const late = app.orders.find({ id: 'slow' }, new Metadata(), { deadline });
    await expect(firstValueFrom(late)).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    const { server, client } = await call('Find');
    for (const { attributes, status: ended } of [server, client]) {
      expect(attributes['rpc.status_code']).toBe('DEADLINE_EXCEEDED');
      expect(ended.code).toBe(SpanStatusCode.ERROR);
      expect(ended.message).not.toBe('');
      expect(ended.message).toBeDefined();
    }
  });
});

describe('metadata and context of a client', () => {
  it('M24 carries the trace with and without metadata of the caller, which stays as it is', async () => {
    const metadata = new Metadata();
    metadata.set('tenant', 'a');
    await firstValueFrom(app.orders.find({ id: '1' }, metadata));
    await firstValueFrom(app.orders.find({ id: '1' }, metadata));
    expect(metadata.toJSON()).toEqual({ tenant: ['a'] });
    expect(lastMetadata?.get('tenant')).toEqual(['a']);
    const spans = await app.spans.many('shop.Orders/Find', 4);
    const ids = new Set(spans.map((span) => span.spanContext().traceId));
    expect(ids.size).toBe(2);
    expect(lastMetadata?.get('traceparent')).toHaveLength(1);
  });

  it('M12 M24 leaves a trace of the caller’s own alone', async () => {
    const metadata = new Metadata();
    metadata.set('traceparent', `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`);
    await firstValueFrom(app.orders.find({ id: '1' }, metadata));
    const { server } = await call('Find');
    expect(server.spanContext().traceId).toBe('1'.repeat(32));
  });

  it('M21 calls subscribers back in their own contexts', async () => {
    const ids = await Promise.all(
      ['first', 'second'].map((name) =>
        app.tracing.span(name, async (span) => {
          const found: (string | undefined)[] = [];
          await lastValueFrom(
            app.orders
              .watch({ id: '1' })
              .pipe(tap(() => found.push(trace.getSpan(context.active())?.spanContext().spanId))),
          );
          return [span.spanContext().spanId, found] as const;
        }),
      ),
    );
    for (const [id, found] of ids) expect(found).toEqual([id, id, id]);
  });
});
