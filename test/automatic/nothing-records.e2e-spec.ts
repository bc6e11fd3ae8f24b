import { Injectable } from '@nestjs/common';
import { ROOT_CONTEXT, SamplingDecision, context, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { resetTracing } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AutomaticApp } from './support/automatic-app.js';
import { startAutomatic } from './support/automatic-app.js';

@Injectable()
class Prices {
  of(key: string): number {
    return key.length;
  }
}

/** The module starts the SDK itself here: then it knows when nothing records, and need not look. */
describe('automatic methods with an SDK of the module’s own', () => {
  const exported: ReadableSpan[] = [];
  const exporter = {
    export: (spans: ReadableSpan[], done: (result: { code: number }) => void) => {
      exported.push(...spans);
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  const sampler = {
    shouldSample: (...[, , name]: unknown[]) => ({
      decision:
        name === 'left out' ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED,
    }),
  };
  let running: AutomaticApp;
  let prices: Prices;

  beforeAll(async () => {
    running = await startAutomatic({ providers: [Prices] }, { exporter, sampler } as never);
    prices = running.app.get(Prices);
  });
  afterEach(() => (exported.length = 0));
  afterAll(async () => {
    await running.close();
    await resetTracing();
  });

  const start = (name: string): Span => trace.getTracer('test').startSpan(name);
  const under = <T>(span: Span, work: () => T): T =>
    context.with(trace.setSpan(ROOT_CONTEXT, span), work);
  const call = () => expect(prices.of('key')).toBe(3);
  const names = async (): Promise<string[]> => {
    await running.tracing.flush();
    return exported.map(({ name }) => name).toSorted();
  };

  it('AU11 have spans inside of one that records, and none before, after and beside it', async () => {
    call();
    const [first, second] = [start('first'), start('second')] as const;
    call();
    under(first, call);
    first.end();
    under(first, call);
    under(second, call);
    second.end();
    under(second, call);
    call();
    expect(await names()).toEqual(['Prices.of', 'Prices.of', 'first', 'second']);
  });

  it('AU11 have none inside of one that is left out, while another records and while none does', async () => {
    const leftOut = start('left out');
    under(leftOut, call);
    const recorded = start('recorded');
    under(leftOut, call);
    under(recorded, call);
    recorded.end();
    under(leftOut, call);
    leftOut.end();
    expect(await names()).toEqual(['Prices.of', 'recorded']);
  });

  it('AU11 have spans while one records, whatever ends twice or stands for it', async () => {
    const span = start('request');
    const other = start('other');
    other.end();
    other.end();
    (Object.create(span) as Span).end();
    under(span, call);
    span.end();
    expect(await names()).toContain('Prices.of');
  });
});
