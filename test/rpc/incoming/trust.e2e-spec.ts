import { Controller } from '@nestjs/common';
import { MessagePattern, TcpContext } from '@nestjs/microservices';
import { context, propagation, trace } from '@opentelemetry/api';
import { AlwaysOffSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import type { RecordSpansOptions, SpanRecorder } from 'nestjs-tracing/testing';
import { caller } from './support/callers.js';
import type { RpcApp } from './support/rpc-app.js';
import { startRpcApp } from './support/rpc-app.js';
import { OnEvent } from './support/on-event.js';
import { tcp } from './support/transports.js';

type Incoming = NonNullable<
  Exclude<Exclude<TracingModuleOptions['microservices'], boolean | undefined>['incoming'], boolean>
>;

/** What the handler of an event has seen. */
const events: { user: string | undefined; recording: boolean | undefined }[] = [];

@Controller()
class Users {
  @MessagePattern('user')
  user(): { user: string | null; traceId: string | null } {
    return {
      user: propagation.getActiveBaggage()?.getEntry('user')?.value ?? null,
      traceId: trace.getActiveSpan()?.spanContext().traceId ?? null,
    };
  }

  /** What the handler would send along, from itself and from a span of its own. */
  @MessagePattern('carried')
  carried(): string[] {
    return [
      context.active(),
      trace.setSpan(context.active(), trace.getTracer('own').startSpan('own')),
    ].map((ctx) => {
      const fields: Record<string, string> = {};
      propagation.inject(ctx, fields);
      return fields['traceparent'] ?? 'none';
    });
  }

  @OnEvent('created')
  created(): void {
    events.push({
      user: propagation.getActiveBaggage()?.getEntry('user')?.value,
      recording: trace.getActiveSpan()?.isRecording(),
    });
  }
}

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  events.length = 0;
});

async function start(
  incoming: Incoming | false,
  options?: RecordSpansOptions,
): Promise<RpcApp & { readonly spans: SpanRecorder }> {
  const spans = recordSpans(options);
  closing.push(() => spans.stop());
  const tracing = { microservices: { outgoing: false, incoming } };
  const app = await startRpcApp(tcp, { controllers: [Users], tracing });
  closing.push(() => app.close());
  return { ...app, spans };
}

const FROM = caller(1, 'user=ada');

const ask = ({ client }: RpcApp, from = FROM) =>
  firstValueFrom(client.send<{ user: string | null }>('user', tcp.carry(1, from) as object));

const emit = ({ client }: RpcApp, from = FROM) =>
  lastValueFrom(client.emit('created', tcp.carry(1, from) as object), { defaultValue: undefined });

describe('M16 whose trace is believed', () => {
  it.each([
    ['nobody', 'none' as const],
    ['nobody that a function refuses', () => false],
    [
      'nobody if the function throws',
      () => {
        throw new Error('no answer');
      },
    ],
  ])('%s: a new trace with a link, and no baggage', async (_, trust) => {
    const app = await start({ trust });
    expect(await ask(app)).toMatchObject({ user: null });
    await emit(app);
    for (const name of ['user', 'process created']) {
      await vi.waitFor(() => expect(app.spans.named(name)).toHaveLength(1));
      const span = app.spans.one(name);
      expect(span.parentSpanContext).toBeUndefined();
      expect(span.links.map(({ context }) => context.spanId)).toEqual([FROM.spanId]);
    }
    expect(events).toEqual([{ user: undefined, recording: true }]);
  });

  it('whomever a function trusts, by the context of the message', async () => {
    const app = await start({ trust: (context) => context instanceof TcpContext });
    expect(await ask(app)).toMatchObject({ user: 'ada' });
    await vi.waitFor(() =>
      expect(app.spans.one('user').parentSpanContext?.spanId).toBe(FROM.spanId),
    );
  });
});

describe('M18 an event', () => {
  it('keeps the baggage of a trusted emitter in its own trace', async () => {
    const app = await start({});
    await emit(app);
    await vi.waitFor(() => expect(events).toEqual([{ user: 'ada', recording: true }]));
    expect(app.spans.one('process created').parentSpanContext).toBeUndefined();
  });

  it("is the emitter's child by option", async () => {
    const app = await start({ events: 'child' });
    await emit(app);
    await vi.waitFor(() => expect(app.spans.named('process created')).toHaveLength(1));
    const span = app.spans.one('process created');
    expect(span.parentSpanContext?.spanId).toBe(FROM.spanId);
    expect(span.links).toEqual([]);
  });
});

describe('a message without a span', () => {
  it('whose caller is sampled out hands that decision on', async () => {
    const app = await start({});
    const unsampled = { ...FROM, traceparent: FROM.traceparent.replace(/01$/, '00') };
    expect(await ask(app, unsampled as typeof FROM)).toMatchObject({
      user: 'ada',
      traceId: FROM.traceparent.split('-')[1],
    });
    await emit(app);
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(app.spans.named('user')).toEqual([]);
    app.spans.assertNoOpenSpans();
  });

  it('SR3 says so in all that its handler sends: as its caller did, or in one trace of its own', async () => {
    const { client, spans } = await start(
      {},
      { sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) },
    );
    const unsampled = { traceparent: FROM.traceparent.replace(/01$/, '00') };
    const [own, child] = await firstValueFrom(
      client.send<string[]>('carried', tcp.carry(1, unsampled) as object),
    );
    expect(own).toBe(unsampled.traceparent);
    expect(child?.slice(0, 35)).toBe(own?.slice(0, 35));
    const roots = await firstValueFrom(client.send<string[]>('carried', {}));
    expect(new Set(roots.map((sent) => sent.slice(0, 35))).size).toBe(1);
    for (const sent of [child, ...roots]) expect(sent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    expect(roots[0]?.slice(3, 35)).not.toBe(own?.slice(3, 35));
    expect(spans.finished).toEqual([]);
  });

  it('that the sampler leaves out is answered as before', async () => {
    const app = await start(
      {},
      { sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) },
    );
    expect(await firstValueFrom(app.client.send('user', {}))).toMatchObject({ user: null });
    await lastValueFrom(app.client.emit('created', {}), { defaultValue: undefined });
    await vi.waitFor(() => expect(events).toEqual([{ user: undefined, recording: false }]));
    expect(app.spans.finished).toEqual([]);
  });

  it('since the option is off is no message of ours', async () => {
    const app = await start(false);
    expect(await ask(app)).toEqual({ user: null, traceId: null });
    expect(app.spans.finished).toEqual([]);
  });
});
